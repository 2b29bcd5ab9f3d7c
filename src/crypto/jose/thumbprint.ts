import { hash, type KeyObject } from 'node:crypto';

/** The required members of a public key, in the order in which they are hashed. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  EC: ['crv', 'kty', 'x', 'y'],
  OKP: ['crv', 'kty', 'x'],
  RSA: ['e', 'kty', 'n'],
};

/**
 * The SHA-256 thumbprint of a public key, base64url.
 * @throws TypeError for a kind of key that has no JWK
 * @see RFC 7638 §3, RFC 8037 §2
 */
export function thumbprintOf(key: KeyObject): string {
  const jwk = key.export({ format: 'jwk' });
  const members = MEMBERS[jwk.kty ?? ''];
  if (!members) throw new TypeError('a key of this kind has no thumbprint');
  const own = Object.fromEntries(members.map((name) => [name, jwk[name]]));
  return hash('sha256', JSON.stringify(own), 'base64url');
}
