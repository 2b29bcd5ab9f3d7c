import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { Undo } from '../../../sandbox/undo.ts';
import { AnswerRecorder } from '../../../src/bankid-sign/collector/answer-recorder.ts';
import {
  leaseDue,
  markAnswerUnknown,
  rescheduleAll,
  type LeasedOrder,
} from '../../../src/bankid-sign/collector/collect.repository.ts';
import { Collector } from '../../../src/bankid-sign/collector/collector.ts';
import { RelyingParties } from '../../../src/bankid-sign/relying-parties.ts';
import { DEFAULT_RELYING_PARTY, type AnsweredOrder } from '../../../src/bankid-sign/sign-order.ts';
import { OrderSteps, purpose } from '../../support/bankid/order-steps.ts';
import { crashAfter } from '../../support/database/crash.ts';
import { startTestServer } from '../../support/database/test-server.ts';
import { eventually } from '../../support/eventually.ts';
import { atRest, quick, TestSystem } from '../../support/system/system.ts';

const undo = new Undo();
let world: TestSystem;
let steps: OrderSteps;

beforeAll(async () => {
  const { server, folder, access } = await startTestServer(true);
  undo.later(() => rmSync(folder, { recursive: true, force: true }));
  undo.later(() => server.stop());
  process.env['SIGILL_TEST_POSTGRES'] = access;
  world = await TestSystem.start({ ...atRest, timings: quick });
  undo.later(() => world.stop());
  steps = new OrderSteps(world.system, world.app);
}, 60_000);
afterAll(() => undo.all());

async function signed(): Promise<string> {
  const { group, orderId } = await steps.place();
  await world.app.sign(await steps.scan(group));
  return orderId;
}

async function answered(): Promise<string> {
  const orderId = await signed();
  await eventually(async () => {
    await steps.get(Collector).runOnce();
    await steps.get(Collector).settleInFlight();
    const [row] = await rowsOf(orderId);
    return row?.['state'] === 'answered' || undefined;
  });
  return orderId;
}

function rowsOf(orderId: string): Promise<Record<string, unknown>[]> {
  const sql = 'select state, collect_lease, settle_lease, settle_tries from sign_order where id = $1';
  return world.database.asOwner(sql, [orderId]);
}

/** What only a connection to the recovered server can do. */
function recovered<T>(work: () => Promise<readonly T[]>): Promise<T> {
  return eventually(async () => (await work().catch(() => []))[0]);
}

const crashDuring = <T>(work: () => Promise<T>): Promise<T> => crashAfter((sql) => world.database.asOwner(sql), work);
const claim = (): Promise<AnsweredOrder[]> => steps.orders.claimAnswered(purpose, 1);
const lease = (): Promise<LeasedOrder[]> =>
  leaseDue(steps.database, { leaseId: randomUUID(), leaseMs: 15_000, limit: 1 }, [DEFAULT_RELYING_PARTY]);

function settle({ orderId, leaseId }: AnsweredOrder): Promise<void> {
  return steps.database.inTransaction((tx) => steps.orders.markSettled(tx, orderId, leaseId, 'authorised'));
}

describe('a lease that PostgreSQL lost in a crash', () => {
  it('leaves one settler that may settle the order, although the other works on', async () => {
    const orderId = await answered();
    const [lost] = await crashDuring(claim);
    expect(lost).toMatchObject({ orderId });
    expect(await recovered(() => rowsOf(orderId))).toMatchObject({ settle_lease: null, settle_tries: 0 });
    const held = await recovered(claim);
    expect(held).toMatchObject({ orderId });
    expect(held.leaseId).not.toBe(lost!.leaseId);
    const refused = { code: 'order.not-found' };
    await expect(settle(lost!)).rejects.toMatchObject(refused);
    await expect(steps.orders.deferSettlement(orderId, lost!.leaseId, world.clock.now())).rejects.toMatchObject(
      refused,
    );
    await settle(held);
    await expect(settle(lost!)).rejects.toMatchObject(refused);
    await expect(settle(held)).rejects.toMatchObject(refused);
  }, 60_000);

  it('leaves one collector that may reschedule or fail the order, and the answer of either is stored', async () => {
    const orderId = await signed();
    const lost = await crashDuring(() => eventually(async () => (await lease())[0]));
    expect(lost).toMatchObject({ orderId });
    expect(await recovered(() => rowsOf(orderId))).toMatchObject({ collect_lease: null });
    const held = await recovered(lease);
    expect(held).toMatchObject({ orderId });
    expect(held.leaseId).not.toBe(lost.leaseId);
    const later = (order: LeasedOrder): Promise<number> =>
      rescheduleAll(steps.database, [{ orderId: order.orderId, leaseId: order.leaseId, delayMs: 60_000 }]);
    expect(await later(lost)).toBe(0);
    expect(await markAnswerUnknown(steps.database, lost, 1)).toBe(false);
    const taken = await steps.get(RelyingParties).get(lost.relyingParty).client.collect(lost.orderRef);
    if (!taken.answered || taken.value.status === 'pending') throw new Error('BankID has no answer');
    await steps.get(AnswerRecorder).record(lost, taken.value, taken.received);
    await steps.get(AnswerRecorder).record(held, taken.value, taken.received);
    expect(await later(held)).toBe(0);
    const answers = await world.database.asOwner('select order_id from bankid_answer where order_id = $1', [orderId]);
    expect(answers).toHaveLength(1);
    const [claimed] = await claim();
    expect(claimed).toMatchObject({ orderId, answer: { status: 'complete' } });
    await settle(claimed!);
  }, 60_000);
});
