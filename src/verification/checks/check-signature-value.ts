import { attempt, Malformed } from '../../crypto/malformed.ts';
import { isLargeKey, isRsaSignature, MAX_RSA_BITS, rsaKeyOf } from '../../crypto/rsa.ts';
import { parseCertificate } from '../../crypto/x509/certificate.ts';
import type { Facts } from '../facts/facts.ts';
import { failed, indeterminate, inputMissing, passed, type Outcome } from '../facts/outcome.ts';

/**
 * SignatureValue is RSASSA-PKCS1-v1_5 over the canonical SignedInfo under the first certificate's key. The payer's key
 * is imported each time: nothing that belongs to a payer is cached.
 * @see XMLDSig core §3.2.2, RFC 8017 §8.2.2
 */
export function checkSignatureValue({ signature, certificates }: Facts): Outcome {
  if (!signature || !certificates) return inputMissing;
  const [der] = certificates;
  if (!der) return indeterminate('NO_SIGNING_CERTIFICATE_FOUND', 'signature-value.no-certificate');
  const leaf = attempt(() => parseCertificate(der));
  if (leaf instanceof Malformed) {
    const parameters = { fault: leaf.message };
    return failed('FORMAT_FAILURE', { message: 'signature-value.certificate-malformed', parameters });
  }
  if (leaf.extensions.basicConstraints?.ca) {
    return indeterminate('NO_SIGNING_CERTIFICATE_FOUND', 'signature-value.ca');
  }
  const key = rsaKeyOf(leaf.publicKey);
  if (isLargeKey(leaf.publicKey)) {
    const reason = { message: 'signature-value.large-key', parameters: { bits: MAX_RSA_BITS } } as const;
    return indeterminate('CRYPTO_CONSTRAINTS_FAILURE', reason, { leaf });
  }
  if (!key) return failed('SIG_CRYPTO_FAILURE', 'signature-value.no-key');
  if (!isRsaSignature(signature.hash, key, signature.signedInfo, signature.signatureValue)) {
    return { ...failed('SIG_CRYPTO_FAILURE', 'signature-value.wrong'), found: { leaf } };
  }
  return passed('signature-value.sound', { found: { leaf, signed: true } });
}
