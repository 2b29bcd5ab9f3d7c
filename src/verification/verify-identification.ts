import type { Completion, ConsentBasis, IdentificationExpectation } from './expectation.ts';
import type { Report } from './report.ts';
import { verifyExpected } from './run/verify-expected.ts';
import { sealVerifiedIdentification, type VerifiedIdentification } from './verified-identification.ts';

/**
 * Whether this is the person's identification for this login: genuine, of our text, for us, made during the order by the expected
 * person. The checks are those of a consent; the signature must be an identification, which no consent accepts. The only way to a
 * {@link VerifiedIdentification}.
 * @throws TypeError if a member of the expectation is absent: what is unknown must not count as equal
 * @see ETSI EN 319 102-1 §5
 */
export function verifyIdentification(
  completion: Completion,
  expectation: IdentificationExpectation,
  basis: ConsentBasis,
): VerifiedIdentification | Report {
  const { report, verified } = verifyExpected(completion, { kind: 'identification', expectation }, basis);
  return verified ? sealVerifiedIdentification(verified) : report;
}
