import { createPublicKey, type KeyObject } from 'node:crypto';
import type { JsonObject } from '../../kernel/json.ts';

/** For all RSA keys of clients, whether for signatures or for encryption. */
export const RSA_MINIMUM_BITS = 2048;

/** The public key of a JWK; undefined if it cannot be imported. */
export function findPublicKey(jwk: JsonObject): KeyObject | undefined {
  try {
    return createPublicKey({ key: { ...jwk }, format: 'jwk' });
  } catch {
    return undefined;
  }
}
