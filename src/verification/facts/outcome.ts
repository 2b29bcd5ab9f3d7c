import type { Reason } from '../messages.ts';
import type { FailedSubIndication, IndeterminateSubIndication, WarningId } from '../report.ts';
import type { Found } from './facts.ts';

interface Noted {
  /** What the check concluded, and why. */
  readonly reason: Reason;
  readonly found?: Found;
  readonly warnings?: readonly WarningId[];
}

/** What one check concludes. A check that lacks its input is skipped: an earlier one has refused by then. */
export type Outcome =
  | (Noted & { readonly status: 'passed' | 'skipped' })
  | (Noted & { readonly status: 'failed'; readonly subIndication: FailedSubIndication })
  | (Noted & {
      readonly status: 'indeterminate';
      readonly subIndication: IndeterminateSubIndication;
      /** This refusal decides only where every other check passed. */
      readonly yields?: true;
    });

/** The check found what it demands. */
export function passed(reason: Reason, more: Omit<Noted, 'reason'> = {}): Outcome {
  return { status: 'passed', reason, ...more };
}

/** The check has nothing to look at. */
export function skipped(reason: Reason, more: Omit<Noted, 'reason'> = {}): Outcome {
  return { status: 'skipped', reason, ...more };
}

/** The signature is not valid: TOTAL-FAILED. */
export function failed(subIndication: FailedSubIndication, reason: Reason): Outcome {
  return { status: 'failed', subIndication, reason };
}

/** The signature cannot be called valid or invalid: INDETERMINATE. */
export function indeterminate(subIndication: IndeterminateSubIndication, reason: Reason, found: Found = {}): Outcome {
  return { status: 'indeterminate', subIndication, reason, found };
}

/** For a check whose input no earlier check has established. */
export const inputMissing: Outcome = skipped('input.missing');
