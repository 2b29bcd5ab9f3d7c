import { randomUUID } from 'node:crypto';
import { insertDataKey } from '../../../bench/service/data-key.ts';
import { consentSubject } from '../../../src/kernel/subject.ts';
import type { ConsentId } from '../../../src/kernel/ids.ts';
import { Envelope } from '../../../src/vault/envelope.ts';
import { OrderSteps } from '../../support/bankid/order-steps.ts';
import { quick, TestSystem } from '../../support/system/system.ts';

let world: TestSystem;
let steps: OrderSteps;

beforeAll(async () => {
  world = await TestSystem.start({ timings: quick });
  steps = new OrderSteps(world.system, world.app);
}, 120_000);
afterAll(() => world.stop());

/** An order of a consent at this bank that waits to be settled: it was withdrawn. */
async function answered(bank: string): Promise<void> {
  const { database, orders } = steps;
  const subject = consentSubject(bank, randomUUID() as ConsentId);
  await insertDataKey(database, steps.get(Envelope), subject);
  const { group } = await steps.place({ subject, group: subject });
  await orders.cancelOrder(group);
}

async function claim(limit: number): Promise<readonly string[]> {
  const claimed = await steps.orders.claimAnswered('test-purpose', limit);
  return claimed.map(({ subject }) => subject.split(':')[1] ?? '');
}

describe('the payers of a bank', () => {
  it('take turns with those of another, of which many signed before them', async () => {
    for (let count = 0; count < 6; count += 1) await answered('bank-of-many');
    await answered('bank-of-one');
    await answered('bank-of-two');
    await answered('bank-of-two');
    expect([await claim(1), await claim(1), await claim(1), await claim(1)].flat()).toEqual([
      'bank-of-many',
      'bank-of-one',
      'bank-of-two',
      'bank-of-many',
    ]);
    expect(await claim(3)).toEqual(['bank-of-two', 'bank-of-many', 'bank-of-many']);
    expect(await claim(10)).toEqual(['bank-of-many', 'bank-of-many']);
  });

  it('are settled in the order in which they signed', async () => {
    for (let count = 0; count < 3; count += 1) await answered('bank-in-order');
    const claimed = await steps.orders.claimAnswered('test-purpose', 10);
    const times = claimed.map(({ orderStartedAt }) => orderStartedAt.getTime());
    expect(times).toHaveLength(3);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });
});
