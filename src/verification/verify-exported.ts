import type { Completion, FolderFacts, VerificationTime } from './expectation.ts';
import type { Policy } from './policy.ts';
import type { Report } from './report.ts';
import { makeReport } from './run/make-report.ts';
import { runChecks } from './run/run-checks.ts';
import type { TrustAnchors } from './trust-anchors.ts';

/**
 * Verifies what was exported, without us and without our database. The expectation is rebuilt from the *signed*
 * non-visible data; the folder's other files are compared with it and never believed. Gives a report, never a
 * `VerifiedSignature`: nothing is authorised by a file.
 * @param options.relyingParty DN expected in `srvInfo/name`; without it a warning takes its place
 * @see ETSI EN 319 102-1 §5
 */
export function verifyExported(
  completion: Completion,
  folder: FolderFacts,
  trust: TrustAnchors,
  policy: Policy,
  time: VerificationTime,
  options: { readonly relyingParty?: string | undefined } = {},
): Report {
  const purpose = { kind: 'exported', folder, relyingParty: options.relyingParty } as const;
  return makeReport(runChecks({ completion, trust, policy, time, purpose }));
}
