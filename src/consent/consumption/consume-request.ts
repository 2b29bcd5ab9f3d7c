import { createHash } from 'node:crypto';
import type { ConsentId } from '../../kernel/ids.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { PersonalNumber } from '../../kernel/personal-number.ts';
import { canonicalJson } from '../../payment/initiation.ts';
import type { Envelope } from '../../vault/envelope.ts';

const REQUEST = 'consume-request';

/** The content of a consume call, with the payment in its wire form. */
export interface ConsumeRequestContent {
  readonly consentId: ConsentId;
  readonly accessTokenSha256: Buffer;
  readonly payment: JsonObject;
  readonly payer: PersonalNumber;
  readonly paymentReference: string;
}

/** The keyed hash by which a repeated call is recognised. */
export function consumeRequestHash(envelope: Envelope, request: ConsumeRequestContent): Buffer {
  return envelope.lookupHash(REQUEST, requestText(request));
}

/** Whether `stored` is the hash of this call. @throws DomainError `service.key-missing` */
export function isConsumeRequest(envelope: Envelope, stored: Buffer, request: ConsumeRequestContent): boolean {
  return envelope.isLookupHash(stored, REQUEST, requestText(request));
}

/** The call in canonical form, so that another order of members or another spelling counts as the same call. */
function requestText(request: ConsumeRequestContent): string {
  return canonicalJson({ ...request, accessTokenSha256: request.accessTokenSha256.toString('base64url') });
}

/** How the chain of a consent names the payment reference: SHA-256 over salt and reference, in base64url. */
export function referenceHash(salt: Buffer, paymentReference: string): string {
  return createHash('sha256').update(salt).update(paymentReference).digest('base64url');
}
