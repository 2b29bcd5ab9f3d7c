import type { ConsentId } from '../kernel/ids.ts';
import type { DataKey } from '../vault/envelope.ts';

/** Kind of the attachment, and of its seal under the consent's data key. */
export const REQUEST_OBJECT = 'request-object';

/**
 * Seals the TPP's signed request, byte for byte, which the TPP cannot deny having sent. It exists before there is any
 * evidence, and is attached to the evidence when the TPP gets its token.
 */
export function sealRequestObject(key: DataKey, consentId: ConsentId, requestObject: string): Buffer {
  return key.seal(REQUEST_OBJECT, consentId, Buffer.from(requestObject, 'utf8'));
}
