import { createPublicKey, type KeyObject } from 'node:crypto';
import type { JsonObject } from '../../kernel/json.ts';

/** Of the keys of clients, for signatures and for encryption alike. */
export const RSA_MINIMUM_BITS = 2048;

/** The public key of a JWK; undefined where it is none that can be read. */
export function findPublicKey(jwk: JsonObject): KeyObject | undefined {
  try {
    return createPublicKey({ key: { ...jwk }, format: 'jwk' });
  } catch {
    return undefined;
  }
}
