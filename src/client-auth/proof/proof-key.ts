import { createPublicKey, hash, type KeyObject } from 'node:crypto';
import type { JwsAlgorithm } from '../../crypto/jose/jws.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { algorithmNames } from '../../clients/clients.ts';

/** The public key in the header of a DPoP proof. */
export interface ProofKey {
  readonly key: KeyObject;
  /** RFC 7638 thumbprint, base64url. */
  readonly jkt: string;
}

/** 32 octets, including leading zeros (RFC 7518 §6.2.1.2, RFC 8037 §2). */
const OCTETS_32 = /^[A-Za-z0-9_-]{43}$/;
/** 2048 to 4096 bits, and an exponent of at most 32 bits: refusing a proof by a larger key would be expensive. */
const MODULUS = /^[A-Za-z0-9_-]{342,683}$/;
const EXPONENT = /^[A-Za-z0-9_-]{2,6}$/;
const RSA_MINIMUM_BITS = 2048;

/** The required members of a key, in the order of RFC 7638 §3.3, and their form. */
const members: Readonly<Record<JwsAlgorithm, Readonly<Record<string, RegExp>>>> = {
  ES256: { crv: /^P-256$/, kty: /^EC$/, x: OCTETS_32, y: OCTETS_32 },
  PS256: { e: EXPONENT, kty: /^RSA$/, n: MODULUS },
  EdDSA: { crv: /^Ed25519$/, kty: /^OKP$/, x: OCTETS_32 },
};

/**
 * The key of a JWK, if it is a public key for this algorithm and not for another use; otherwise undefined.
 * @see RFC 7517 §4.2–4.4, RFC 7638 §3
 */
export function importProofKey(jwk: JsonObject, algorithm: JwsAlgorithm): ProofKey | undefined {
  const patterns = Object.entries(members[algorithm]);
  const isWhole = patterns.every(([name, pattern]) => pattern.test(textOf(jwk, name)));
  if (!isWhole || !isForVerifying(jwk, algorithm)) return undefined;
  const own = Object.fromEntries(patterns.map(([name]) => [name, textOf(jwk, name)]));
  const jkt = hash('sha256', JSON.stringify(own), 'base64url');
  const key = recentKeys.get(jkt) ?? importKey(own);
  if (key) keep(jkt, key);
  return key && { key, jkt };
}

/**
 * The most recently used keys, the latest at the end. Clients keep using the same key, and importing it takes as long as
 * verifying with it.
 */
const recentKeys = new Map<string, KeyObject>();
const RECENT_KEYS = 500;

/** Keeps a key as the latest and drops the least recently used one. */
function keep(jkt: string, key: KeyObject): void {
  recentKeys.delete(jkt);
  recentKeys.set(jkt, key);
  const [oldest] = recentKeys.keys();
  if (recentKeys.size > RECENT_KEYS && oldest !== undefined) recentKeys.delete(oldest);
}

function textOf(jwk: JsonObject, name: string): string {
  const value = jwk[name];
  return typeof value === 'string' ? value : '';
}

function isForVerifying({ use, key_ops: operations, alg }: JsonObject, algorithm: JwsAlgorithm): boolean {
  const mayVerify = operations === undefined || (Array.isArray(operations) && operations.includes('verify'));
  const isOfAlgorithm = alg === undefined || algorithmNames[algorithm].some((name) => name === alg);
  return (use === undefined || use === 'sig') && mayVerify && isOfAlgorithm;
}

function importKey(jwk: Record<string, string>): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const isShort = jwk['kty'] === 'RSA' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < RSA_MINIMUM_BITS;
    return isShort ? undefined : key;
  } catch {
    return undefined;
  }
}
