import { PretendApp } from '../../simulator/client.ts';
import { startSimulator, type Simulator } from '../../simulator/simulator.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import type { PersonalNumber } from '../../src/kernel/personal-number.ts';
import { sharedPkiDirectory } from '../simulator/relying-party.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { MovableClock } from '../support/movable-clock.ts';
import { closeInstances, startInstance, untilClaimed, untilProgress, type Instance } from './bankid-sign-harness.ts';

let simulator: Simulator;
let app: PretendApp;
let db: TestDatabase;
let instance: Instance;
const clock = new MovableClock();
const text = 'Exempelbutiken vill att du betalar 125,00 kr.';

/** The simulator makes ten RSA keys, some of 4096 bits; on a busy machine that takes a while. */
const PKI_PATIENCE_MS = 120_000;

beforeAll(async () => {
  simulator = await startSimulator({ pkiDirectory: sharedPkiDirectory });
  app = new PretendApp(simulator.appUrl);
  db = await createTestDatabase();
  instance = await startInstance({ url: simulator.rpUrl, material: simulator.pki, db, clock });
}, PKI_PATIENCE_MS);

afterAll(async () => {
  // First, and whatever failed before: an open server keeps the test runner waiting.
  await simulator.stop();
  await closeInstances();
  await db.close();
});

afterEach(() => app.clearFaults());

async function frameOf(group: string): Promise<string> {
  const frame = await instance.orders.getQrFrame(group, systemClock.now());
  if (frame === undefined) throw new Error('no frame');
  return frame;
}

/** The payer reads the QR code. */
async function scan(group: string): Promise<string> {
  return (await app.scan(await frameOf(group))).id;
}

describe('a QR code that nobody scans', () => {
  it('is renewed five times for one press of the button and then waits for a click', async () => {
    const { group, orderId } = await instance.place();
    const seen = new Set<string>([orderId]);
    for (let renewals = 1; renewals <= 5; renewals += 1) {
      await app.advanceClock(31_000);
      const progress = await untilProgress(
        instance.orders,
        group,
        (now) => now.renewals === renewals && now.state === 'pending',
      );
      seen.add(progress.orderId);
      expect(progress.qr).toBe(true);
    }
    expect(seen.size).toBe(6);
    await app.advanceClock(31_000);
    const last = await untilProgress(instance.orders, group, (progress) => progress.state === 'failed');
    expect(last).toMatchObject({ renewals: 5, messageCode: 'RFA17B' });
    const claimed = await instance.orders.claimAnswered('test-purpose', 10);
    expect(claimed.filter((order) => order.group === group)).toHaveLength(1);
  });

  it('is signed in a renewal with the same texts', async () => {
    const { group } = await instance.place();
    await app.advanceClock(31_000);
    const renewal = await untilProgress(instance.orders, group, (now) => now.renewals === 1 && now.state === 'pending');
    await app.sign(await scan(group));
    const order = await untilClaimed(instance.orders, renewal.orderId);
    expect(order.answer.status).toBe('complete');
    expect(order.renewals).toBe(1);
    expect(Buffer.from(order.visibleData).toString()).toBe(text);
  });

  it('is not renewed after three minutes', async () => {
    const { group } = await instance.place();
    clock.advance(181_000);
    await app.advanceClock(31_000);
    const last = await untilProgress(instance.orders, group, (progress) => progress.state === 'failed');
    expect(last).toMatchObject({ renewals: 0, failure: 'startFailed' });
  });

  it('is no reason to renew an order of this device', async () => {
    const { group } = await instance.place({ device: 'this' });
    await instance.orders.getLaunchLink(group, '');
    await app.advanceClock(31_000);
    const last = await untilProgress(instance.orders, group, (progress) => progress.state === 'failed');
    expect(last).toMatchObject({ renewals: 0, messageCode: 'RFA17A' });
  });
});

describe('one open order per group', () => {
  it('gives way to another device, and its withdrawal costs no attempt', async () => {
    const request = await instance.request();
    const { orderId: first } = await instance.orders.placeOrder(request);
    const { orderId: second } = await instance.orders.placeOrder({ ...request, device: 'this' });
    expect((await untilClaimed(instance.orders, first)).answer).toMatchObject({
      status: 'failed',
      failure: 'withdrawn',
      countsAsAttempt: false,
    });
    expect(await instance.orders.getProgress(request.group)).toMatchObject({ orderId: second, state: 'pending' });
    const open = (await app.listOrders()).slice(0, 2).map((order) => order.status);
    expect(open).toEqual(['pending', 'cancelled']);
  });

  it('is never two, whoever presses how often', async () => {
    const request = await instance.request();
    const placed = await Promise.allSettled(Array.from({ length: 10 }, () => instance.orders.placeOrder(request)));
    expect(placed.some((one) => one.status === 'fulfilled')).toBe(true);
    const [count] = await db.asOwner(
      `select count(*)::int as open from sign_order where order_group = $1 and state in ('requested', 'pending', 'answer-unknown')`,
      [request.group],
    );
    expect(count).toEqual({ open: 1 });
  });

  it('is not replaced when it was signed a moment ago', async () => {
    const idle = await startInstance({ url: simulator.rpUrl, material: simulator.pki, db, workers: false });
    const request = await idle.request();
    const { orderId } = await idle.orders.placeOrder(request);
    const frame = await idle.orders.getQrFrame(request.group, systemClock.now());
    await app.sign((await app.scan(frame ?? '')).id);
    await expect(idle.orders.placeOrder(request)).rejects.toMatchObject({ code: 'order.already-open' });
    await idle.orders.cancelOrder(request.group);
    expect((await untilClaimed(idle.orders, orderId)).answer.status).toBe('complete');
    await idle.close();
  });

  it('is cancelled at BankID before anybody is told so', async () => {
    const { group, orderId } = await instance.place();
    await instance.orders.cancelOrder(group);
    expect((await app.listOrders())[0]).toMatchObject({ status: 'cancelled' });
    expect(await instance.orders.getProgress(group)).toMatchObject({ orderId, state: 'failed', messageCode: 'RFA3' });
    await expect(instance.orders.cancelOrder(group)).resolves.toBeUndefined();
  });

  it('is left alone when BankID does not say whether it is cancelled', async () => {
    const { group } = await instance.place();
    await app.setFault({ next: 'request', endpoint: 'cancel', kind: 'error', status: 500, errorCode: 'internalError' });
    await expect(instance.orders.cancelOrder(group)).rejects.toMatchObject({ code: 'bankid.unavailable' });
    expect(await instance.orders.getProgress(group)).toMatchObject({ state: 'pending' });
  });
});

describe('the second order of one person', () => {
  it('is refused as already in progress and stops the first', async () => {
    const requirement = { personalNumber: '191212121212' as PersonalNumber };
    const first = await instance.place({ requirement });
    const second = await instance.request({ requirement });
    await expect(instance.orders.placeOrder(second)).rejects.toMatchObject({
      code: 'bankid.refused',
      extra: { messageCode: 'RFA4' },
    });
    expect(await instance.orders.getProgress(second.group)).toMatchObject({ state: 'failed', messageCode: 'RFA4' });
    await untilProgress(instance.orders, first.group, (progress) => progress.state === 'failed');
    await expect(instance.orders.placeOrder(second)).resolves.toHaveProperty('orderId');
  });
});
