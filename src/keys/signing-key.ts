import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import { isJsonObject, type JsonObject } from '../kernel/json.ts';

/** What a key may sign: tokens and signed answers, verdicts of the verifier, or export manifests. */
export type SigningPurpose = 'tokens' | 'verdicts' | 'exports';
export type SigningAlgorithm = 'ES256' | 'EdDSA' | 'PS256';

export const signingPurposes: readonly SigningPurpose[] = ['tokens', 'verdicts', 'exports'];

/** One private key with its public form. The private half leaves this object only into a signature. */
export interface SigningKey {
  readonly kid: string;
  readonly purpose: SigningPurpose;
  readonly alg: SigningAlgorithm;
  readonly privateKey: KeyObject;
  readonly publicJwk: JWK;
}

const MIN_RSA_BITS = 2048;

/**
 * Reads a private JWK set (RFC 7517 §5). Each key names `kid`, `alg` and, in the member `purpose`, what it is for.
 * The first key of a purpose signs; later ones are only published, so that what they signed can still be checked.
 * @throws TypeError for a kid used twice, a purpose without a key, an algorithm other than ES256, EdDSA (Ed25519), PS256,
 *   or a key that does not fit its algorithm; the message never holds key material
 * @see tokens: FAPI 2.0 Security Profile §5.4
 */
export function parseSigningKeys(jwks: unknown): readonly SigningKey[] {
  const members = isJsonObject(jwks) && Array.isArray(jwks.keys) ? (jwks.keys as readonly unknown[]) : undefined;
  if (!members) throw new TypeError('the signing keys are not a JWK set');
  const keys = members.map((member, index) => parseSigningKey(member, `signing key ${index + 1}`));
  if (new Set(keys.map(({ kid }) => kid)).size !== keys.length) throw new TypeError('two signing keys share one kid');
  for (const purpose of signingPurposes) {
    if (!keys.some((key) => key.purpose === purpose)) throw new TypeError(`no signing key for the purpose ${purpose}`);
  }
  return keys;
}

function parseSigningKey(value: unknown, name: string): SigningKey {
  if (!isJsonObject(value)) throw new TypeError(`${name} is not a JWK`);
  const { kid } = value;
  if (typeof kid !== 'string' || kid === '') throw new TypeError(`${name} has no kid`);
  const purpose = signingPurposes.find((known) => known === value.purpose);
  if (!purpose) throw new TypeError(`${name} has none of the purposes ${signingPurposes.join(', ')}`);
  const privateKey = importPrivateKey(value, name);
  const alg = checkAlgorithm(value.alg, privateKey, name);
  const publicJwk = createPublicKey(privateKey).export({ format: 'jwk' }) as JWK;
  return { kid, purpose, alg, privateKey, publicJwk: { ...publicJwk, kid, alg, use: 'sig' } };
}

function importPrivateKey(jwk: JsonObject, name: string): KeyObject {
  try {
    return createPrivateKey({ key: { ...jwk }, format: 'jwk' });
  } catch {
    // The cause may quote the key.
    throw new TypeError(`${name} is not a private key`);
  }
}

function checkAlgorithm(alg: unknown, key: KeyObject, name: string): SigningAlgorithm {
  const fitting = fittingAlgorithm(key);
  if (fitting === undefined || alg !== fitting) {
    throw new TypeError(
      `${name} is none of: ES256 (P-256), EdDSA (Ed25519), PS256 (RSA of ${MIN_RSA_BITS} bits or more)`,
    );
  }
  return fitting;
}

function fittingAlgorithm(key: KeyObject): SigningAlgorithm | undefined {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'ec' && details?.namedCurve === 'prime256v1') return 'ES256';
  if (type === 'ed25519') return 'EdDSA';
  return type === 'rsa' && (details?.modulusLength ?? 0) >= MIN_RSA_BITS ? 'PS256' : undefined;
}
