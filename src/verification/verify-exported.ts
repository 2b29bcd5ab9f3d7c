import type { Completion, FolderFacts, VerificationBasis } from './expectation.ts';
import { findRecordedPolicy } from './content/recorded-policy.ts';
import { findRecordedRelay } from './content/recorded-relay.ts';
import type { Report } from './report.ts';
import { makeReport } from './run/make-report.ts';
import { runChecks } from './run/run-checks.ts';

/**
 * Verifies an export without our database. The expectation is rebuilt from the *signed*
 * non-visible data; the folder's other files are compared with it, never trusted. Returns a report, never a
 * `VerifiedSignature`: a file authorises nothing.
 * @see ETSI EN 319 102-1 §5
 */
export function verifyExported(
  completion: Completion,
  folder: FolderFacts,
  { relyingParty, ...basis }: VerificationBasis,
): Report {
  const purpose = { kind: 'exported', folder, relyingParty } as const;
  const report = makeReport(runChecks({ completion, ...basis, purpose }));
  const circumstances = folder.copies?.circumstances;
  const relay = findRecordedRelay(circumstances);
  const bankPolicy = findRecordedPolicy(circumstances);
  return { ...report, ...(relay && { relay }), ...(bankPolicy && { bankPolicy }) };
}
