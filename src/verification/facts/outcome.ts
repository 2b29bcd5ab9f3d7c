import type { Reason } from '../messages.ts';
import type { FailedSubIndication, IndeterminateSubIndication, WarningId } from '../report.ts';
import type { Found } from './facts.ts';

interface Noted {
  /** Why the check concluded so. */
  readonly reason: Reason;
  readonly found?: Found;
  readonly warnings?: readonly WarningId[];
}

/** What one check concludes. A check without its input is skipped: an earlier check has refused then. */
export type Outcome =
  | (Noted & { readonly status: 'passed' | 'skipped' })
  | (Noted & { readonly status: 'failed'; readonly subIndication: FailedSubIndication })
  | (Noted & {
      readonly status: 'indeterminate';
      readonly subIndication: IndeterminateSubIndication;
      /** This refusal decides only if every other check passed. */
      readonly yields?: true;
    });

/** The check passed. */
export function passed(reason: Reason, more: Omit<Noted, 'reason'> = {}): Outcome {
  return { status: 'passed', reason, ...more };
}

/** The check does not apply, or has no input. */
export function skipped(reason: Reason, more: Omit<Noted, 'reason'> = {}): Outcome {
  return { status: 'skipped', reason, ...more };
}

/** The signature is not valid: TOTAL-FAILED. */
export function failed(subIndication: FailedSubIndication, reason: Reason): Outcome {
  return { status: 'failed', subIndication, reason };
}

/** The signature is neither proven valid nor invalid: INDETERMINATE. */
export function indeterminate(subIndication: IndeterminateSubIndication, reason: Reason, found: Found = {}): Outcome {
  return { status: 'indeterminate', subIndication, reason, found };
}

/** For a check whose input was not established. */
export const inputMissing: Outcome = skipped('input.missing');
