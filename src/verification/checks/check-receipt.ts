import { addMs } from '../../kernel/clock.ts';
import type { Facts } from '../facts/facts.ts';
import { indeterminate, inputMissing, passed, skipped, type Outcome } from '../facts/outcome.ts';

/** The signature was made before we received it. */
export function checkReceipt({ purpose, producedAt, policy }: Facts): Outcome {
  if (purpose.kind === 'signature') return skipped('receipt.none');
  // An export has a time of receipt, but it is not signed, so it is not trusted.
  if (purpose.kind === 'exported') {
    return skipped('receipt.not-signed', { warnings: ['receipt-time-not-compared'] });
  }
  if (!producedAt) return inputMissing;
  return producedAt > addMs(purpose.expectation.receivedAt, policy.skewMs)
    ? indeterminate('TRY_LATER', 'receipt.younger')
    : passed('receipt.sound');
}
