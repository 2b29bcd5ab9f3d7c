import { oids } from '../../crypto/asn1/oids.ts';
import type { Facts } from '../facts/facts.ts';
import { indeterminate, inputMissing, passed, type Outcome } from '../facts/outcome.ts';
import type { CertIdHash } from '../ca-cache.ts';

const hashes: ReadonlyMap<string, CertIdHash> = new Map([
  [oids.sha1, 'sha1'],
  [oids.sha256, 'sha256'],
]);

/**
 * The answer is about the leaf: issuer name, issuer key and serial number all match (the path
 * check has shown that the leaf's issuer name is the Customer CA's, octet by octet). SHA-1 only identifies here.
 * @see RFC 6960 §4.1.1
 */
export function checkCertId({ ocsp, path, trust }: Facts): Outcome {
  if (!ocsp || !path) return inputMissing;
  const { hashAlgorithm, issuerNameHash, issuerKeyHash, serial } = ocsp.single.certId;
  const hash = hashes.get(hashAlgorithm);
  if (!hash) return indeterminate('TRY_LATER', 'certid.hash');
  const issuer = trust.cas.digestsOf(path.customerCa, hash);
  if (!issuer.name.equals(issuerNameHash)) return indeterminate('TRY_LATER', 'certid.issuer-name');
  if (!issuer.key.equals(issuerKeyHash)) return indeterminate('TRY_LATER', 'certid.issuer-key');
  if (!path.leaf.serial.equals(serial)) return indeterminate('TRY_LATER', 'certid.serial');
  return passed('certid.same', { found: { concernsLeaf: true } });
}
