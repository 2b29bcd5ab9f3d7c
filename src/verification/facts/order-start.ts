import type { Facts } from './facts.ts';

/** When the order began: as we know it, or as the export's signed data say. A bare signature knows none. */
export function findOrderStart({ purpose, signedFacts }: Facts): Date | undefined {
  return purpose.kind === 'consent' ? purpose.expectation.orderStartedAt : signedFacts?.orderedAt;
}
