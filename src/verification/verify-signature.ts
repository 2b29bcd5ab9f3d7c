import type { Completion, VerificationBasis } from './expectation.ts';
import type { Report } from './report.ts';
import { makeReport } from './run/make-report.ts';
import { runChecks } from './run/run-checks.ts';

/**
 * Whether this is a genuine BankID signature of the bytes it holds. The text, the payer and the order are not compared with
 * anything: `scope: signature`, `matches: not-compared`. Such a verdict authorises nothing.
 * @see ETSI EN 319 102-1 §5
 */
export function verifySignature(completion: Completion, { relyingParty, ...basis }: VerificationBasis): Report {
  const purpose = { kind: 'signature', relyingParty } as const;
  return makeReport(runChecks({ completion, ...basis, purpose }));
}
