import type { ConsentId } from '../../../kernel/ids.ts';
import { DomainError } from '../../../kernel/errors.ts';
import type { DataKey } from '../../../vault/envelope.ts';

const KIND = 'backchannel-payment-request';

/** By which a client asks for the token of a payment: the consent, and the hash of the auth_req_id that was given out for it. */
export interface AskedPayment {
  readonly consentId: ConsentId;
  readonly authReqIdHash: Buffer;
}

/** The client's signed request, sealed for its consent and its auth_req_id, so that neither can be exchanged in the row. */
export function sealPaymentRequest(key: DataKey, asked: AskedPayment, jwt: string): Buffer {
  return key.seal(KIND, nameOf(asked), Buffer.from(jwt, 'utf8'));
}

/**
 * The signed request. Undefined if the consent was asked for by a request with another auth_req_id.
 * @param key of the consent
 * @throws DomainError `service.key-missing`
 */
export function openPaymentRequest(key: DataKey, asked: AskedPayment, sealed: Buffer): string | undefined {
  try {
    return key.open(KIND, nameOf(asked), sealed).toString('utf8');
  } catch (error) {
    if (error instanceof DomainError) throw error;
    return undefined;
  }
}

function nameOf({ consentId, authReqIdHash }: AskedPayment): string {
  return `${consentId}:${authReqIdHash.toString('base64url')}`;
}
