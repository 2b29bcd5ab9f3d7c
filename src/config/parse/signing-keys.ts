import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import { Secret } from '../../kernel/secret.ts';
import type { SigningKeyConfig, SigningPurpose } from '../config.ts';
import { fault } from './faults.ts';
import { parseJsonFile, refuseGenerated } from './key-rings.ts';
import type { Variables } from './variables.ts';

const NAME = 'SIGNING_KEYS_FILE';
const neededPurposes: readonly SigningPurpose[] = ['tokens', 'verdicts', 'ledger'];
const purposes: readonly SigningPurpose[] = [...neededPurposes, 'seals'];
const KID = /^[A-Za-z0-9._-]{1,64}$/;
const members = new Set('kty,crv,x,y,n,e,d,p,q,dp,dq,qi,kid,alg,use,purpose'.split(','));

/**
 * `{"keys":[{private JWK with "kid" and "purpose"}]}`: at least one key for each required purpose, no duplicate kid.
 * @see RFC 7517 §4, FAPI 2.0 Security Profile §5.4.1 (algorithms)
 */
export function parseSigningKeys(
  variables: Variables,
  required: readonly SigningPurpose[] = neededPurposes,
): readonly SigningKeyConfig[] {
  const { keys, generatedFor, ...others } = parseJsonFile(variables, NAME);
  if (Object.keys(others).length > 0) throw fault(`${NAME} has unknown members.`);
  refuseGenerated(variables, NAME, generatedFor);
  if (!Array.isArray(keys)) throw fault(`${NAME} has no array "keys".`);
  const parsed = (keys as readonly unknown[]).map(parseSigningKey);
  const missing = required.filter((purpose) => !parsed.some((key) => key.purpose === purpose));
  if (missing.length > 0) throw fault(`${NAME} has no key for ${missing.join(', ')}.`);
  if (new Set(parsed.map((key) => key.kid)).size < parsed.length) throw fault(`${NAME} has the same kid twice.`);
  return parsed;
}

function parseSigningKey(value: unknown): SigningKeyConfig {
  if (!isJsonObject(value)) throw fault(`${NAME}: a key is not a JSON object.`);
  const { kid, purpose } = value;
  if (typeof kid !== 'string' || !KID.test(kid)) throw fault(`${NAME}: a key has no valid kid.`);
  if (!isPurpose(purpose)) throw fault(`${NAME}: the purpose of ${kid} is none of ${purposes.join(', ')}.`);
  const unknown = Object.keys(value).filter((member) => !members.has(member));
  if (unknown.length > 0) throw fault(`${NAME}: ${kid} has unknown members (${unknown.join(', ')}).`);
  const alg = algorithmOf(kid, importKey(kid, value));
  if (purpose === 'ledger' && alg !== 'EdDSA') throw fault(`${NAME}: ${kid} signs the ledger and must be of Ed25519.`);
  if (purpose === 'seals' && alg === 'EdDSA') throw fault(`${NAME}: ${kid} seals and must be of P-256 or RSA.`);
  if (value['alg'] !== undefined && value['alg'] !== alg) throw fault(`${NAME}: ${kid} can only be used with ${alg}.`);
  const jwk = Object.fromEntries(Object.entries(value).filter(([member]) => member !== 'purpose'));
  return { kid, purpose, alg, privateJwk: new Secret<JsonWebKey>(jwk) };
}

function importKey(kid: string, jwk: JsonObject): KeyObject {
  try {
    return createPrivateKey({ key: jwk, format: 'jwk' });
  } catch {
    throw fault(`${NAME}: ${kid} is not a private key.`);
  }
}

function algorithmOf(kid: string, key: KeyObject): SigningKeyConfig['alg'] {
  const details = key.asymmetricKeyDetails;
  if (key.asymmetricKeyType === 'ec' && details?.namedCurve === 'prime256v1') return 'ES256';
  if (key.asymmetricKeyType === 'ed25519') return 'EdDSA';
  if (key.asymmetricKeyType === 'rsa' && (details?.modulusLength ?? 0) >= 2048) return 'PS256';
  throw fault(`${NAME}: ${kid} is neither P-256 nor Ed25519 nor RSA of 2048 bits or more.`);
}

function isPurpose(value: unknown): value is SigningPurpose {
  return purposes.includes(value as SigningPurpose);
}
