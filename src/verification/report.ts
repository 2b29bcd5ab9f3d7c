import { maskPersonalNumber } from '../kernel/personal-number.ts';
import type { PolicyOutcome } from '../payment/bank-policy.ts';
import type { RecordedRelay } from './content/recorded-relay.ts';
import type { CheckMessage } from './messages.ts';

export type Indication = 'TOTAL-PASSED' | 'TOTAL-FAILED' | 'INDETERMINATE';

/** Sub-indications of ETSI EN 319 102-1 §5.1.3 that a verdict can have here. */
export type FailedSubIndication =
  'FORMAT_FAILURE' | 'HASH_FAILURE' | 'SIG_CRYPTO_FAILURE' | 'REVOKED' | 'EXPIRED' | 'NOT_YET_VALID';
export type IndeterminateSubIndication =
  | 'SIG_CONSTRAINTS_FAILURE'
  | 'CHAIN_CONSTRAINTS_FAILURE'
  | 'CERTIFICATE_CHAIN_GENERAL_FAILURE'
  | 'CRYPTO_CONSTRAINTS_FAILURE'
  | 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE'
  | 'POLICY_PROCESSING_ERROR'
  | 'NO_SIGNING_CERTIFICATE_FOUND'
  | 'NO_CERTIFICATE_CHAIN_FOUND'
  | 'REVOKED_NO_POE'
  | 'OUT_OF_BOUNDS_NO_POE'
  | 'REVOCATION_OUT_OF_BOUNDS_NO_POE'
  | 'TIMESTAMP_ORDER_FAILURE'
  | 'TRY_LATER';
export type SubIndication = FailedSubIndication | IndeterminateSubIndication;

/** In the order in which they decide a verdict. */
export const checkIds = [
  'structure',
  'digests',
  'signature-value',
  'path',
  'algorithms',
  'ocsp',
  'certid',
  'status',
  'nonce',
  'times',
  'order-start',
  'receipt',
  'content',
  'relying-party',
  'signer',
  'payer',
] as const;
export type CheckId = (typeof checkIds)[number];

/** The result of one check as `message` and `parameters`; `detail` is the same in English. Without personal data. */
export type CheckRow = CheckMessage & {
  readonly id: CheckId;
  readonly status: 'passed' | 'failed' | 'indeterminate' | 'skipped';
  readonly detail: string;
};

/** What a reader must know besides the verdict. */
export const warningIds = [
  'relying-party-unverified',
  'poe.responder-only',
  'sha1-ocsp',
  'payer-number-not-compared',
  'receipt-time-not-compared',
  'client-info-unknown-element',
  'base64-unwrapped',
  'report-verdict-differs',
  'circumstances-name-differs',
  'visible-text-not-utf8',
  'request-object-not-verified',
] as const;
export type WarningId = (typeof warningIds)[number];

/** The document that `sigill verify --json` prints and the evidence stores. Members that were not established are null. */
export interface Report {
  readonly indication: Indication;
  readonly subIndication: SubIndication | null;
  readonly scope: 'signature' | 'consent' | 'identification';
  readonly matches: 'yes' | 'no' | 'not-compared';
  readonly environment: 'production' | 'test' | 'unpinned' | null;
  readonly trustAnchor: string | null;
  readonly relyingParty: string | null;
  readonly payer: 'bound' | 'unbound' | 'not-compared';
  /** producedAt of an OCSP response that is genuine and belongs to this signature; RFC 3339. */
  readonly signedAt: string | null;
  readonly signer: { readonly personalNumber: string; readonly name: string } | null;
  readonly visibleText: string | null;
  readonly nonVisibleData: string | null;
  readonly warnings: readonly WarningId[];
  readonly checks: readonly CheckRow[];
  /** Of an evidence folder whose circumstances say so: the word of the service, which is not verified. */
  readonly relay?: RecordedRelay;
  /** Of an evidence folder whose circumstances say how the bank's policy was met: the word of the service, which is not verified. */
  readonly bankPolicy?: PolicyOutcome;
}

/** The report with the personal number masked, for readers who do not need it in full. */
export function maskReport<R extends Report>(report: R): R {
  if (!report.signer) return report;
  return { ...report, signer: { ...report.signer, personalNumber: maskPersonalNumber(report.signer.personalNumber) } };
}

/** The check that decided a verdict other than TOTAL-PASSED, for the counter of refusals. */
export function findDecidingCheck(report: Report): CheckId | undefined {
  if (report.indication === 'TOTAL-PASSED') return undefined;
  const refusals = report.checks.filter(({ status }) => status === 'failed' || status === 'indeterminate');
  // A weak OCSP algorithm decides only if everything else passed (see run/verdict.ts).
  const deferred = report.subIndication === 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE';
  return (deferred ? refusals.find(({ id }) => id === 'algorithms') : refusals.find((row) => !isDeferred(row)))?.id;
}

const deferred: readonly CheckRow['message'][] = [
  'algorithms.ocsp-short-key',
  'algorithms.ocsp-small-exponent',
  'algorithms.ocsp-sha1',
];

/** A refusal that yields to every other. */
function isDeferred({ message }: CheckRow): boolean {
  return deferred.some((known) => known === message);
}
