import type { Completion, VerificationTime } from './expectation.ts';
import type { Policy } from './policy.ts';
import type { Report } from './report.ts';
import { makeReport } from './run/make-report.ts';
import { runChecks } from './run/run-checks.ts';
import type { TrustAnchors } from './trust-anchors.ts';

/**
 * Whether this is a genuine BankID signature of the bytes it holds. What it says, for whom and by whom is not compared:
 * `scope: signature`, `matches: not-compared`. Such a verdict authorises nothing.
 * @param options.relyingParty DN expected in `srvInfo/name`, in BankID's form
 * @see ETSI EN 319 102-1 §5
 */
export function verifySignature(
  completion: Completion,
  trust: TrustAnchors,
  policy: Policy,
  time: VerificationTime,
  options: { readonly relyingParty?: string | undefined } = {},
): Report {
  const purpose = { kind: 'signature', relyingParty: options.relyingParty } as const;
  return makeReport(runChecks({ completion, trust, policy, time, purpose }));
}
