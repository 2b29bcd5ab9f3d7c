import type { CheckId, Indication, SubIndication } from '../report.ts';
import type { Purpose } from '../facts/facts.ts';
import type { Outcome } from '../facts/outcome.ts';
import type { Concluded } from './run-checks.ts';

export interface Verdict {
  readonly indication: Indication;
  readonly subIndication: SubIndication | null;
}

/** Checks that may be skipped in a verdict of TOTAL-PASSED. A consent and a login skip nothing. */
const optional: Readonly<Record<Purpose['kind'], readonly CheckId[]>> = {
  signature: ['order-start', 'receipt', 'content', 'relying-party', 'payer'],
  exported: ['receipt', 'relying-party', 'payer'],
  consent: [],
  identification: [],
};

/**
 * The first check that did not pass decides, except one that yields, which decides only if all others passed.
 * @see ETSI EN 319 102-1 §5.1
 */
export function concludeVerdict(concluded: readonly Concluded[], purpose: Purpose): Verdict {
  const deciding = findRefusal(concluded, false) ?? findRefusal(concluded, true);
  if (deciding) {
    const indication = deciding.status === 'failed' ? 'TOTAL-FAILED' : 'INDETERMINATE';
    return { indication, subIndication: deciding.subIndication };
  }
  const complete = concluded.every(
    ({ id, outcome }) => outcome.status === 'passed' || optional[purpose.kind].includes(id),
  );
  // A check without input although no check refused: unreachable, and never a pass.
  if (!complete) return { indication: 'INDETERMINATE', subIndication: 'POLICY_PROCESSING_ERROR' };
  return { indication: 'TOTAL-PASSED', subIndication: null };
}

type Refusal = Extract<Outcome, { readonly subIndication: SubIndication }>;

function findRefusal(concluded: readonly Concluded[], yields: boolean): Refusal | undefined {
  for (const { outcome } of concluded) {
    const isRefusal = outcome.status === 'failed' || outcome.status === 'indeterminate';
    if (isRefusal && 'yields' in outcome === yields) return outcome;
  }
  return undefined;
}
