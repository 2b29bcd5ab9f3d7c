import { createHash } from 'node:crypto';
import { oids } from '../../crypto/oids.ts';
import type { Facts } from '../run/facts.ts';
import { indeterminate, inputMissing, passed, type Outcome } from '../run/outcome.ts';

const hashes: Readonly<Record<string, 'sha1' | 'sha256'>> = { [oids.sha1]: 'sha1', [oids.sha256]: 'sha256' };

/**
 * The answer is about the leaf: issuer name, issuer key and serial number, all three. SHA-1 names here, it does not sign.
 * @see RFC 6960 §4.1.1
 */
export function checkCertId({ ocsp, path }: Facts): Outcome {
  if (!ocsp || !path) return inputMissing;
  const { hashAlgorithm, issuerNameHash, issuerKeyHash, serial } = ocsp.single.certId;
  const hash = hashes[hashAlgorithm];
  if (!hash) return indeterminate('TRY_LATER', 'unknown CertID hash');
  const digest = (octets: Buffer): Buffer => createHash(hash).update(octets).digest();
  if (!digest(path.leaf.issuer.der).equals(issuerNameHash)) return indeterminate('TRY_LATER', 'another issuer name');
  if (!digest(path.customerCa.publicKey.keyOctets).equals(issuerKeyHash)) {
    return indeterminate('TRY_LATER', 'another issuer key');
  }
  if (!path.leaf.serial.equals(serial)) return indeterminate('TRY_LATER', 'another certificate');
  return passed('about the signing certificate', { found: { concernsLeaf: true } });
}
