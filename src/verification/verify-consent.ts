import { Malformed } from '../crypto/malformed.ts';
import { findPersonalNumber } from '../kernel/personal-number.ts';
import type { Completion, ConsentBasis, Expectation } from './expectation.ts';
import type { Report } from './report.ts';
import { makeReport } from './run/make-report.ts';
import { runChecks, type Run } from './run/run-checks.ts';
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
  { trust, policy, now }: ConsentBasis,
): VerifiedSignature | Report {
  checkComplete(expectation);
  const purpose = { kind: 'consent', expectation } as const;
  const run = runChecks({ completion, trust, policy, time: { now, vouchedAt: undefined }, purpose });
  const report = makeReport(run);
  return report.indication === 'TOTAL-PASSED' && report.matches === 'yes' ? seal(run, report, expectation) : report;
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
] as const satisfies readonly (keyof Expectation)[];

function checkComplete(expectation: Readonly<Partial<Expectation>>): void {
  const absent = members.filter((member) => expectation[member] === undefined);
  if (absent.length > 0)
    throw new TypeError(`verification was started without ${absent.join(', ')} in its expectation`);
}

function seal({ facts }: Run, report: Report, expectation: Expectation): VerifiedSignature | Report {
  const { content, producedAt, completion, answer } = facts;
  const personalNumber = findPersonalNumber(report.signer?.personalNumber ?? '');
  const ocspDer = answer && !(answer instanceof Malformed) ? answer.der : undefined;
  if (!content?.nonVisibleData || !producedAt || !personalNumber || !ocspDer || report.visibleText === null) {
    throw new TypeError('all checks passed, but a fact that the verified signature needs is missing');
  }
  return sealVerifiedSignature({
    report,
    signer: { personalNumber, name: report.signer?.name ?? '' },
    signedAt: producedAt,
    environment: expectation.environment,
    signatureText: completion.signature,
    ocspDer,
    visibleText: report.visibleText,
    nonVisibleData: content.nonVisibleData,
  });
}
