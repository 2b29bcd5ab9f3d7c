import { attempt, Malformed } from '../../crypto/malformed.ts';
import { latest } from '../../kernel/clock.ts';
import type { BasicOcspResponse } from '../../crypto/ocsp/response.ts';
import { findRsaHash } from '../../crypto/rsa.ts';
import type { Certificate } from '../../crypto/x509/certificate.ts';
import type { Policy } from '../policy.ts';
import type { Reason } from '../messages.ts';
import type { Facts } from '../facts/facts.ts';
import { indeterminate, inputMissing, passed, type Outcome } from '../facts/outcome.ts';

const SMALLEST_EXPONENT = 65_537;

/**
 * No signature uses SHA-1 or a short key. SHA-1 in a CertID and in BankID's nonce is not a signature, and is allowed.
 * A weak OCSP response yields to every other refusal: it decides only if everything else passed.
 * @see ETSI TS 119 312; ETSI EN 319 102-1 §5.2.8.4 (cryptographic constraints)
 */
export function checkAlgorithms(facts: Facts): Outcome {
  const { signature, leaf, others = [], anchor, policy } = facts;
  if (!signature || !leaf) return inputMissing;
  if (signature.hash === 'sha1' || signature.references.some(({ hash }) => hash === 'sha1')) {
    return indeterminate('CRYPTO_CONSTRAINTS_FAILURE', 'algorithms.sha1-signature');
  }
  const certificates = [leaf, ...others];
  if (certificates.some(isSha1Signed))
    return indeterminate('CRYPTO_CONSTRAINTS_FAILURE', 'algorithms.sha1-certificate');
  const keys = anchor ? [...certificates, anchor.certificate] : certificates;
  if (keys.some((certificate) => hasShortKey(certificate, policy))) {
    const parameters = { bits: policy.minimumRsaBits };
    return indeterminate('CRYPTO_CONSTRAINTS_FAILURE', { message: 'algorithms.short-key', parameters });
  }
  if (keys.some(hasSmallExponent)) return indeterminate('CRYPTO_CONSTRAINTS_FAILURE', 'algorithms.small-exponent');
  const { answer } = facts;
  return answer && !(answer instanceof Malformed) && answer.basic ? judgeOcsp(facts, answer.basic) : sound;
}

const sound = passed('algorithms.sound');

function judgeOcsp({ policy, purpose, time, trust }: Facts, response: BasicOcspResponse): Outcome {
  const sent = response.certificates.map((der) => attempt(() => trust.cas.parse(der)));
  const responders = sent.filter((certificate): certificate is Certificate => !(certificate instanceof Malformed));
  if (responders.some((certificate) => hasShortKey(certificate, policy))) return weakOcsp('algorithms.ocsp-short-key');
  if (responders.some(hasSmallExponent)) return weakOcsp('algorithms.ocsp-small-exponent');
  if (findRsaHash(response.signatureAlgorithm) !== 'sha1' && !responders.some(isSha1Signed)) return sound;
  // This signature covers producedAt, which therefore does not prove its age: the caller must vouch for that. But no response
  // is older than its own producedAt.
  const isVouched = time.vouchedAt && latest(time.vouchedAt, response.producedAt) < policy.sha1OcspSunset;
  if (purpose.kind === 'consent' || !isVouched) return weakOcsp('algorithms.ocsp-sha1');
  return passed('algorithms.ocsp-sha1-vouched', { warnings: ['sha1-ocsp'] });
}

function weakOcsp(reason: Reason): Outcome {
  return { status: 'indeterminate', subIndication: 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE', reason, yields: true };
}

function isSha1Signed(certificate: Certificate): boolean {
  return findRsaHash(certificate.signatureAlgorithm) === 'sha1';
}

function hasShortKey({ publicKey: { rsa } }: Certificate, policy: Policy): boolean {
  return rsa !== undefined && rsa.modulusBits < policy.minimumRsaBits;
}

function hasSmallExponent({ publicKey: { rsa } }: Certificate): boolean {
  return rsa !== undefined && rsa.exponent < SMALLEST_EXPONENT;
}
