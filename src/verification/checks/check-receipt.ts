import { addMs } from '../../kernel/clock.ts';
import type { Facts } from '../run/facts.ts';
import { indeterminate, inputMissing, passed, skipped, type Outcome } from '../run/outcome.ts';

/** The signature was made before we received it. */
export function checkReceipt({ purpose, producedAt, policy }: Facts): Outcome {
  if (purpose.kind === 'signature') return skipped('no receipt to compare with');
  // An export names a time of receipt, but unsigned: not to be believed.
  if (purpose.kind === 'exported') {
    return skipped('the time of receipt is not among what was signed', { warnings: ['receipt-time-not-compared'] });
  }
  if (!producedAt) return inputMissing;
  return producedAt > addMs(purpose.expectation.receivedAt, policy.skewMs)
    ? indeterminate('TRY_LATER', 'the OCSP response is younger than its receipt')
    : passed('not after it was received');
}
