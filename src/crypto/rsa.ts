import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { PublicKeyInfo } from './x509/certificate.ts';
import { oids } from './asn1/oids.ts';

export type RsaHash = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** An RSA key, either as PKCS #1 PEM, which the verification imports, or already imported. */
export type RsaKey = string | KeyObject;

/** No BankID certificate needs more; a key of 16,384 bits would make a refusal cost more than an acceptance. */
export const MAX_RSA_BITS = 4096;

const hashes: ReadonlyMap<string, RsaHash> = new Map([
  [oids.sha1WithRsa, 'sha1'],
  [oids.sha256WithRsa, 'sha256'],
  [oids.sha384WithRsa, 'sha384'],
  [oids.sha512WithRsa, 'sha512'],
]);

/** The hash of a `…WithRSAEncryption` OID; `undefined` for every other algorithm. */
export function findRsaHash(signatureAlgorithm: string): RsaHash | undefined {
  return hashes.get(signatureAlgorithm);
}

/**
 * The key for a single use, or `undefined` if it is not an RSA key. PKCS #1 PEM is by far the cheapest form to give to
 * Node: 11 µs, where SPKI in DER takes 85. The octets are known to be an RSAPublicKey and nothing more.
 * @see RFC 8017 §A.1.1
 */
export function rsaKeyOf({ rsa, keyOctets }: PublicKeyInfo): string | undefined {
  if (!rsa || rsa.modulusBits > MAX_RSA_BITS) return undefined;
  return `-----BEGIN RSA PUBLIC KEY-----\n${keyOctets.toString('base64')}\n-----END RSA PUBLIC KEY-----\n`;
}

/** Whether it is an RSA key that is too large to verify with. */
export function isLargeKey({ rsa }: PublicKeyInfo): boolean {
  return rsa !== undefined && rsa.modulusBits > MAX_RSA_BITS;
}

/** An RSA key ready for many uses, or `undefined` when it is not one. */
export function importRsaKey(info: PublicKeyInfo): KeyObject | undefined {
  const key = rsaKeyOf(info);
  if (key === undefined) return undefined;
  try {
    return createPublicKey(key);
  } catch {
    return undefined; // e.g. an even modulus, under which no signature verifies
  }
}

/**
 * RSASSA-PKCS1-v1_5, the default of node:crypto for RSA keys. To name it explicitly, the key would have
 * to be wrapped in an object, which costs as much again as the verification.
 * @see RFC 8017 §8.2.2
 */
export function isRsaSignature(hash: RsaHash, key: RsaKey, data: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(hash, data, key, signature);
  } catch {
    return false; // OpenSSL refuses the key, so it cannot have made the signature
  }
}
