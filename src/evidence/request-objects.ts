import type { ConsentId } from '../kernel/ids.ts';
import type { DataKey } from '../vault/envelope.ts';

/** Kind of the attachment, and of its seal under the data key of the consent. */
export const REQUEST_OBJECT = 'request-object';

/**
 * Seals the client's signed request, byte for byte, which the client cannot deny having sent. It exists before there is any
 * evidence, and is attached to the evidence of a payment when the TPP gets its token.
 */
export function sealRequestObject(key: DataKey, id: ConsentId, requestObject: string): Buffer {
  return key.seal(REQUEST_OBJECT, id, Buffer.from(requestObject, 'utf8'));
}
