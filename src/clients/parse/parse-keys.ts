import type { KeyObject } from 'node:crypto';
import type { JwsAlgorithm } from '../../crypto/jose/jws.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import type { ClientKey } from '../clients.ts';
import type { Faults } from './faults.ts';
import { findPublicKey, RSA_MINIMUM_BITS } from './public-key.ts';

/** Private and symmetric parts, and the members that refer to a key elsewhere. */
const REFUSED = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth', 'x5u', 'jku'];

/**
 * The public keys of one client, by value (RFC 7517 §5), each with a `kid` of its own and one algorithm.
 * @see FAPI 2.0 Security Profile §5.4
 */
export function parseKeys(jwks: unknown, faults: Faults): readonly ClientKey[] {
  const keys = isJsonObject(jwks) ? jwks['keys'] : undefined;
  if (!Array.isArray(keys) || keys.length === 0) {
    faults.add('/keys', 'is not an array of at least one key');
    return [];
  }
  const parsed = keys.flatMap((key: unknown, index) => parseKey(key, faults.at(`/keys/${index}`)));
  if (new Set(parsed.map((key) => key.kid)).size !== parsed.length) faults.add('/keys', 'has a duplicate kid');
  return parsed;
}

function parseKey(jwk: unknown, faults: Faults): readonly ClientKey[] {
  if (!isJsonObject(jwk)) {
    faults.add('', 'is not an object');
    return [];
  }
  const refused = REFUSED.filter((member) => jwk[member] !== undefined);
  for (const member of refused) faults.add(`/${member}`, 'does not belong in a registered public key');
  const kid = jwk['kid'];
  if (typeof kid !== 'string' || kid === '') faults.add('/kid', 'is missing');
  if (jwk['use'] !== undefined && jwk['use'] !== 'sig') faults.add('/use', 'is not sig');
  const algorithm = algorithmOf(jwk);
  if (!algorithm) faults.add('', 'is not a key for ES256, PS256 or EdDSA (Ed25519)');
  const key = refused.length === 0 && algorithm ? importKey(jwk, faults) : undefined;
  return key && algorithm && typeof kid === 'string' ? [{ kid, algorithm, key }] : [];
}

/** The only algorithm for this key, or undefined if the key names another. */
function algorithmOf(jwk: JsonObject): JwsAlgorithm | undefined {
  const own = naturalAlgorithm(jwk);
  const named = jwk['alg'] === 'Ed25519' ? 'EdDSA' : jwk['alg'];
  return named === undefined || named === own ? own : undefined;
}

function naturalAlgorithm(jwk: JsonObject): JwsAlgorithm | undefined {
  if (jwk['kty'] === 'EC' && jwk['crv'] === 'P-256') return 'ES256';
  if (jwk['kty'] === 'RSA') return 'PS256';
  if (jwk['kty'] === 'OKP' && jwk['crv'] === 'Ed25519') return 'EdDSA';
  return undefined;
}

function importKey(jwk: JsonObject, faults: Faults): KeyObject | undefined {
  const key = findPublicKey(jwk);
  const bits = key?.asymmetricKeyDetails?.modulusLength;
  if (!key) faults.add('', 'cannot be read');
  else if (bits !== undefined && bits < RSA_MINIMUM_BITS) faults.add('', `has ${bits} bits; RSA keys need 2048`);
  else return key;
  return undefined;
}
