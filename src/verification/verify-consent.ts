import type { Completion, ConsentBasis, Expectation } from './expectation.ts';
import type { Report } from './report.ts';
import { verifyExpected } from './run/verify-expected.ts';
import { sealVerifiedSignature, type VerifiedSignature } from './verified-signature.ts';

/**
 * Whether this is the payer's signature of this consent: genuine, of our text, for us, made during the order by the expected
 * person. The only way to a {@link VerifiedSignature}.
 * @throws TypeError if a member of the expectation is absent: what is unknown must not count as equal
 * @see ETSI EN 319 102-1 §5; Commission Delegated Regulation (EU) 2018/389 Art. 5
 */
export function verifyConsent(
  completion: Completion,
  expectation: Expectation,
  basis: ConsentBasis,
): VerifiedSignature | Report {
  const { report, verified } = verifyExpected(completion, { kind: 'consent', expectation }, basis);
  return verified ? sealVerifiedSignature(verified) : report;
}
