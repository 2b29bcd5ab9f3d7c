import { addMs } from '../../kernel/clock.ts';
import type { Facts } from '../facts/facts.ts';
import { findOrderStart } from '../facts/order-start.ts';
import { indeterminate, inputMissing, passed, skipped, type Outcome } from '../facts/outcome.ts';

/** The signature was not made before its order began, so it is not an old one that is replayed. */
export function checkOrderStart(facts: Facts): Outcome {
  const { producedAt, policy, purpose } = facts;
  if (purpose.kind === 'signature') return skipped('order-start.none');
  const start = findOrderStart(facts);
  if (!producedAt || !start) return inputMissing;
  return producedAt < addMs(start, -policy.skewMs)
    ? indeterminate('TRY_LATER', 'order-start.older')
    : passed('order-start.sound');
}
