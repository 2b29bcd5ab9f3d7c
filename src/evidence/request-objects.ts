import type { ConsentId } from '../kernel/ids.ts';
import type { DataKey } from '../vault/envelope.ts';
import { REQUEST_OBJECT } from './store/request-object.ts';

/**
 * Seals the TPP's signed request, byte for byte: what the TPP itself cannot deny to have asked for. It comes before there is any
 * evidence, waits sealed, and joins the evidence when the TPP takes the token.
 */
export function sealRequestObject(key: DataKey, consentId: ConsentId, requestObject: string): Buffer {
  return key.seal(REQUEST_OBJECT, consentId, Buffer.from(requestObject, 'utf8'));
}

export { REQUEST_OBJECT } from './store/request-object.ts';
