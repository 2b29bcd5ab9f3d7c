import { Malformed } from '../../crypto/malformed.ts';
import { findPersonalNumber } from '../../kernel/personal-number.ts';
import type { Completion, ConsentBasis } from '../expectation.ts';
import type { ExpectedPurpose } from '../facts/facts.ts';
import type { Report } from '../report.ts';
import type { VerifiedFacts } from '../verified-signature.ts';
import { namesOf } from '../facts/signer.ts';
import { makeReport } from './make-report.ts';
import { runChecks, type Run } from './run-checks.ts';

/** The report, and what was verified if every check passed. */
export interface ExpectedVerdict {
  readonly report: Report;
  readonly verified: VerifiedFacts | undefined;
}

/**
 * Runs every check against a complete expectation.
 * @throws TypeError if a member of the expectation is absent: what is unknown must not count as equal
 */
export function verifyExpected(
  completion: Completion,
  purpose: ExpectedPurpose,
  { trust, policy, now }: ConsentBasis,
): ExpectedVerdict {
  checkComplete(purpose.expectation);
  const run = runChecks({ completion, trust, policy, time: { now, vouchedAt: undefined }, purpose });
  const report = makeReport(run);
  const isVerified = report.indication === 'TOTAL-PASSED' && report.matches === 'yes';
  return { report, verified: isVerified ? verifiedFacts(run, report, purpose) : undefined };
}

const members = [
  'environment',
  'facts',
  'visibleData',
  'nonVisibleData',
  'relyingPartyName',
  'orderStartedAt',
  'receivedAt',
  'payer',
] as const satisfies readonly (keyof ExpectedPurpose['expectation'])[];

function checkComplete(expectation: Readonly<Partial<ExpectedPurpose['expectation']>>): void {
  const absent = members.filter((member) => expectation[member] === undefined);
  if (absent.length > 0)
    throw new TypeError(`verification was started without ${absent.join(', ')} in its expectation`);
}

function verifiedFacts({ facts }: Run, report: Report, { expectation }: ExpectedPurpose): VerifiedFacts {
  const { content, producedAt, completion, answer, leaf } = facts;
  const personalNumber = findPersonalNumber(report.signer?.personalNumber ?? '');
  const ocspDer = answer && !(answer instanceof Malformed) ? answer.der : undefined;
  if (!content?.nonVisibleData || !leaf || !producedAt || !personalNumber || !ocspDer || report.visibleText === null) {
    throw new TypeError('all checks passed, but a fact that the verified signature needs is missing');
  }
  return {
    report,
    signer: { personalNumber, name: report.signer?.name ?? '', ...namesOf(leaf) },
    signedAt: producedAt,
    environment: expectation.environment,
    signatureText: completion.signature,
    ocspDer,
    visibleText: report.visibleText,
    nonVisibleData: content.nonVisibleData,
  };
}
