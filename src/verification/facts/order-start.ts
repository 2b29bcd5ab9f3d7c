import type { Facts } from './facts.ts';

/** When the order began: from our own record, or from the signed data of an export. Unknown for a bare signature. */
export function findOrderStart({ purpose, signedFacts }: Facts): Date | undefined {
  return 'expectation' in purpose ? purpose.expectation.orderStartedAt : signedFacts?.orderedAt;
}
