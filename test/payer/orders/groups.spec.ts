import { systemClock } from '../../../src/kernel/clock.ts';
import type { PersonalNumber } from '../../../src/kernel/personal-number.ts';
import { scanned, OrderSteps } from '../../support/bankid/order-steps.ts';
import { quick, TestSystem } from '../../support/system/system.ts';

let world: TestSystem;
let steps: OrderSteps;
const text = 'Exempelbutiken vill att du betalar 125,00 kr.';

beforeAll(async () => {
  // The simulator keeps the wall's time when the service's clock is moved.
  world = await TestSystem.start({ timings: quick, simulator: { clock: systemClock } });
  steps = new OrderSteps(world.system, world.app);
}, 120_000);
afterAll(() => world.stop());
afterEach(() => world.app.clearFaults());

describe('a QR code that is not scanned', () => {
  it('is renewed five times for one press of the button and then waits for a click', async () => {
    const { group, orderId } = await steps.place();
    const seen = new Set<string>([orderId]);
    for (let renewals = 1; renewals <= 5; renewals += 1) {
      await world.app.advanceClock(31_000);
      const progress = await steps.untilProgress(group, (now) => now.renewals === renewals && now.state === 'pending');
      seen.add(progress.orderId);
      expect(progress.qr).toBe(true);
    }
    expect(seen.size).toBe(6);
    await world.app.advanceClock(31_000);
    const last = await steps.untilProgress(group, (progress) => progress.state === 'failed');
    expect(last).toMatchObject({ renewals: 5, messageCode: 'RFA17B' });
    const claimed = await steps.orders.claimAnswered('test-purpose', 10);
    expect(claimed.filter((order) => order.group === group)).toHaveLength(1);
  });

  it('goes on without a gap while BankID makes the order of its renewal', async () => {
    const { group } = await steps.place();
    await world.app.setFault({ next: 'request', endpoint: 'sign', kind: 'latency', ms: 400 });
    await world.app.advanceClock(31_000);
    await steps.untilProgress(group, ({ renewals, state }) => renewals === 1 && state === 'starting');
    expect(await steps.orders.findQrFrame(group, world.clock.now())).toMatch(/^bankid\.[\w-]+\.0\./);
    expect(await steps.orders.findProgress(group)).toMatchObject({ renewals: 1, state: 'pending' });
  });

  it('is signed in a renewal with the same texts', async () => {
    const { group } = await steps.place();
    await world.app.advanceClock(31_000);
    const renewal = await steps.untilProgress(group, (now) => now.renewals === 1 && now.state === 'pending');
    await world.app.sign(await steps.scan(group));
    const order = await steps.untilClaimed(renewal.orderId);
    expect(order.answer.status).toBe('complete');
    expect(order.renewals).toBe(1);
    expect(Buffer.from(order.visibleData).toString()).toBe(text);
  });

  it('is not renewed after three minutes', async () => {
    const { group } = await steps.place();
    world.clock.advance(181_000);
    await world.app.advanceClock(31_000);
    const last = await steps.untilProgress(group, (progress) => progress.state === 'failed');
    expect(last).toMatchObject({ renewals: 0, failure: 'startFailed' });
  });

  it('is no reason to renew an order of this device', async () => {
    const { group } = await steps.place({ start: { ...scanned, device: 'this' } });
    expect(await steps.launchLink(group, '')).toBeDefined();
    await world.app.advanceClock(31_000);
    const last = await steps.untilProgress(group, (progress) => progress.state === 'failed');
    expect(last).toMatchObject({ renewals: 0, messageCode: 'RFA17A' });
  });
});

describe('one open order per group', () => {
  it('gives way to another device, and its withdrawal costs no attempt', async () => {
    const request = await steps.request();
    const { orderId: first } = await steps.orders.placeOrder(request);
    const { orderId: second } = await steps.orders.placeOrder({ ...request, start: { ...scanned, device: 'this' } });
    expect((await steps.untilClaimed(first)).answer).toMatchObject({
      status: 'failed',
      failure: 'withdrawn',
      countsAsAttempt: false,
    });
    expect(await steps.orders.findProgress(request.group)).toMatchObject({ orderId: second, state: 'pending' });
    const open = (await world.app.listOrders()).slice(0, 2).map((order) => order.status);
    expect(open).toEqual(['pending', 'cancelled']);
  });

  it('is never two, however many press at once', async () => {
    const request = await steps.request();
    const placed = await Promise.allSettled(Array.from({ length: 10 }, () => steps.orders.placeOrder(request)));
    expect(placed.some((one) => one.status === 'fulfilled')).toBe(true);
    const [count] = await world.database.asOwner(
      `select count(*)::int as open from sign_order where order_group = $1 and state in ('requested', 'pending', 'answer-unknown')`,
      [request.group],
    );
    expect(count).toEqual({ open: 1 });
  });

  it('is not replaced when it was signed a moment ago', async () => {
    const instance = await world.startInstance({ env: { WORKERS: 'false' }, timings: quick });
    const idle = new OrderSteps(instance, world.app);
    const request = await idle.request();
    const { orderId } = await idle.orders.placeOrder(request);
    await world.app.sign(await idle.scan(request.group));
    await expect(idle.orders.placeOrder(request)).rejects.toMatchObject({ code: 'order.already-open' });
    await idle.orders.cancelOrder(request.group);
    expect((await idle.untilClaimed(orderId)).answer.status).toBe('complete');
    await instance.stop();
  });

  it('is cancelled at BankID before the caller is told so', async () => {
    const { group, orderId } = await steps.place();
    await steps.orders.cancelOrder(group);
    expect((await world.app.listOrders())[0]).toMatchObject({ status: 'cancelled' });
    expect(await steps.orders.findProgress(group)).toMatchObject({
      orderId,
      state: 'failed',
      messageCode: 'RFA3',
    });
    await expect(steps.orders.cancelOrder(group)).resolves.toBeUndefined();
  });

  it('is left alone when BankID does not say whether it is cancelled', async () => {
    const { group } = await steps.place();
    await world.app.setFault({
      next: 'request',
      endpoint: 'cancel',
      kind: 'error',
      status: 500,
      errorCode: 'internalError',
    });
    await expect(steps.orders.cancelOrder(group)).rejects.toMatchObject({ code: 'bankid.unavailable' });
    expect(await steps.orders.findProgress(group)).toMatchObject({ state: 'pending' });
  });
});

describe('the second order of one person', () => {
  it('is refused as already in progress and stops the first', async () => {
    const requirement = { personalNumber: '191212121212' as PersonalNumber };
    const first = await steps.place({ requirement });
    const second = await steps.request({ requirement });
    await expect(steps.orders.placeOrder(second)).rejects.toMatchObject({
      code: 'bankid.already-in-progress',
      extra: { messageCode: 'RFA4' },
    });
    expect(await steps.orders.findProgress(second.group)).toMatchObject({
      state: 'failed',
      messageCode: 'RFA4',
    });
    await steps.untilProgress(first.group, (progress) => progress.state === 'failed');
    await expect(steps.orders.placeOrder(second)).resolves.toHaveProperty('orderId');
  });
});
