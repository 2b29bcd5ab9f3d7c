import type { FailedSubIndication, IndeterminateSubIndication } from '../report.ts';
import type { Found } from './facts.ts';

interface Noted {
  readonly detail: string;
  readonly found?: Found;
  readonly warnings?: readonly string[];
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

export function passed(detail: string, more: Omit<Noted, 'detail'> = {}): Outcome {
  return { status: 'passed', detail, ...more };
}

export function skipped(detail: string, more: Omit<Noted, 'detail'> = {}): Outcome {
  return { status: 'skipped', detail, ...more };
}

export function failed(subIndication: FailedSubIndication, detail: string): Outcome {
  return { status: 'failed', subIndication, detail };
}

export function indeterminate(subIndication: IndeterminateSubIndication, detail: string, found: Found = {}): Outcome {
  return { status: 'indeterminate', subIndication, detail, found };
}

/** For a check whose input no earlier check has established. */
export const inputMissing: Outcome = skipped('nothing to check: an earlier check did not pass');
