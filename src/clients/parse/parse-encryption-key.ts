import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import type { EncryptionKey } from '../clients.ts';
import type { Faults } from './faults.ts';
import { findPublicKey, RSA_MINIMUM_BITS } from './public-key.ts';

/** The public key to which signed answers for this client are encrypted: a P-256 or RSA JWK with `use` enc. */
export function parseEncryptionKey(value: unknown, faults: Faults): EncryptionKey | undefined {
  if (value === undefined) return undefined;
  const jwk = isJsonObject(value) ? value : {};
  const algorithm = algorithmOf(jwk);
  const key = algorithm && jwk['d'] === undefined ? findPublicKey(jwk) : undefined;
  const kid = jwk['kid'];
  const isLong = (key?.asymmetricKeyDetails?.modulusLength ?? RSA_MINIMUM_BITS) >= RSA_MINIMUM_BITS;
  if (key && algorithm && isLong && typeof kid === 'string' && kid !== '') return { kid, algorithm, key };
  faults.add('/encryptionJwk', 'is not a public P-256 or RSA JWK (of at least 2048 bits) with kid and use enc');
  return undefined;
}

/** @see RFC 7518 §4.3, §4.6 */
function algorithmOf({ use, alg, kty, crv }: JsonObject): EncryptionKey['algorithm'] | undefined {
  const natural = kty === 'EC' && crv === 'P-256' ? 'ECDH-ES' : kty === 'RSA' ? 'RSA-OAEP-256' : undefined;
  return use === 'enc' && (alg === undefined || alg === natural) ? natural : undefined;
}
