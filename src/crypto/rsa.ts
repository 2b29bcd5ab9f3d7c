import { createPublicKey, verify, constants, type KeyObject } from 'node:crypto';
import type { PublicKeyInfo } from './x509.ts';
import { oids } from './oids.ts';

export type RsaHash = 'sha1' | 'sha256' | 'sha384' | 'sha512';

const hashes: Readonly<Record<string, RsaHash>> = {
  [oids.sha1WithRsa]: 'sha1',
  [oids.sha256WithRsa]: 'sha256',
  [oids.sha384WithRsa]: 'sha384',
  [oids.sha512WithRsa]: 'sha512',
};

/** The hash of a `…WithRSAEncryption` OID; `undefined` for every other algorithm. */
export function findRsaHash(signatureAlgorithm: string): RsaHash | undefined {
  return hashes[signatureAlgorithm];
}

/** An RSA key ready for use, or `undefined` when it is not one. */
export function importRsaKey(info: PublicKeyInfo): KeyObject | undefined {
  if (!info.rsa) return undefined;
  try {
    return createPublicKey({ key: info.spki, format: 'der', type: 'spki' });
  } catch {
    return undefined; // e.g. an even modulus: no signature verifies under it
  }
}

/** RSASSA-PKCS1-v1_5. @see RFC 8017 §8.2.2 */
export function isRsaSignature(hash: RsaHash, key: KeyObject, data: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(hash, data, { key, padding: constants.RSA_PKCS1_PADDING }, signature);
  } catch {
    return false; // a key OpenSSL will not use is a key that signed nothing
  }
}
