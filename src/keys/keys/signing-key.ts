import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import type { SigningKeyConfig, SigningPurpose } from '../../config/config.ts';

export type SigningAlgorithm = SigningKeyConfig['alg'];

/** A private key with its public form. Nothing but signatures is made of the private half. */
export interface SigningKey {
  readonly kid: string;
  readonly purpose: SigningPurpose;
  readonly alg: SigningAlgorithm;
  readonly privateKey: KeyObject;
  readonly publicJwk: JWK;
}

const MIN_RSA_BITS = 2048;

/**
 * Imports the configured keys and checks them against each other.
 * @throws TypeError for a duplicate kid, or a key that does not fit its algorithm: ES256 (P-256), EdDSA (Ed25519) or
 *   PS256 (RSA of 2048 bits or more); the message never holds key material
 * @see FAPI 2.0 Security Profile §5.4
 */
export function importSigningKeys(configured: readonly SigningKeyConfig[]): readonly SigningKey[] {
  const kids = new Set(configured.map(({ kid }) => kid));
  if (kids.size !== configured.length) throw new TypeError('two signing keys in SIGNING_KEYS_FILE have the same kid');
  return configured.map(importSigningKey);
}

function importSigningKey({ kid, purpose, alg, privateJwk }: SigningKeyConfig): SigningKey {
  const privateKey = importPrivateKey(privateJwk, kid);
  if (fittingAlgorithm(privateKey) !== alg) {
    throw new TypeError(
      `the signing key ${kid} does not fit ${alg}; ES256 needs P-256, EdDSA Ed25519, PS256 RSA of 2048 bits or more`,
    );
  }
  const { kty, crv, x, y, n, e } = createPublicKey(privateKey).export({ format: 'jwk' });
  const members = Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => value !== undefined);
  return { kid, purpose, alg, privateKey, publicJwk: { ...Object.fromEntries(members), kid, alg, use: 'sig' } };
}

function importPrivateKey(jwk: SigningKeyConfig['privateJwk'], kid: string): KeyObject {
  try {
    return createPrivateKey({ key: jwk.reveal(), format: 'jwk' });
  } catch {
    // The cause is left out: it may quote the key.
    throw new TypeError(`the signing key ${kid} is not a private key`);
  }
}

function fittingAlgorithm(key: KeyObject): SigningAlgorithm | undefined {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'ec' && details?.namedCurve === 'prime256v1') return 'ES256';
  if (type === 'ed25519') return 'EdDSA';
  return type === 'rsa' && (details?.modulusLength ?? 0) >= MIN_RSA_BITS ? 'PS256' : undefined;
}
