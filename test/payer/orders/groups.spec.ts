import { systemClock } from '../../../src/kernel/clock.ts';
import type { PersonalNumber } from '../../../src/kernel/personal-number.ts';
import { startInstance, untilClaimed, untilProgress } from '../../support/in-process/orders.ts';
import { PKI_TIMEOUT_MS, SignScene } from '../../support/in-process/orders-scene.ts';

let scene: SignScene;
const text = 'Exempelbutiken vill att du betalar 125,00 kr.';

beforeAll(async () => {
  scene = await SignScene.open();
}, PKI_TIMEOUT_MS);
afterAll(() => scene.close());
afterEach(() => scene.app.clearFaults());

describe('a QR code that is not scanned', () => {
  it('is renewed five times for one press of the button and then waits for a click', async () => {
    const { group, orderId } = await scene.instance.place();
    const seen = new Set<string>([orderId]);
    for (let renewals = 1; renewals <= 5; renewals += 1) {
      await scene.app.advanceClock(31_000);
      const progress = await untilProgress(
        scene.instance.orders,
        group,
        (now) => now.renewals === renewals && now.state === 'pending',
      );
      seen.add(progress.orderId);
      expect(progress.qr).toBe(true);
    }
    expect(seen.size).toBe(6);
    await scene.app.advanceClock(31_000);
    const last = await untilProgress(scene.instance.orders, group, (progress) => progress.state === 'failed');
    expect(last).toMatchObject({ renewals: 5, messageCode: 'RFA17B' });
    const claimed = await scene.instance.orders.claimAnswered('test-purpose', 10);
    expect(claimed.filter((order) => order.group === group)).toHaveLength(1);
  });

  it('is signed in a renewal with the same texts', async () => {
    const { group } = await scene.instance.place();
    await scene.app.advanceClock(31_000);
    const renewal = await untilProgress(
      scene.instance.orders,
      group,
      (now) => now.renewals === 1 && now.state === 'pending',
    );
    await scene.app.sign(await scene.scan(group));
    const order = await untilClaimed(scene.instance.orders, renewal.orderId);
    expect(order.answer.status).toBe('complete');
    expect(order.renewals).toBe(1);
    expect(Buffer.from(order.visibleData).toString()).toBe(text);
  });

  it('is not renewed after three minutes', async () => {
    const { group } = await scene.instance.place();
    scene.clock.advance(181_000);
    await scene.app.advanceClock(31_000);
    const last = await untilProgress(scene.instance.orders, group, (progress) => progress.state === 'failed');
    expect(last).toMatchObject({ renewals: 0, failure: 'startFailed' });
  });

  it('is no reason to renew an order of this device', async () => {
    const { group } = await scene.instance.place({ device: 'this' });
    await scene.instance.orders.getLaunchLink(group, '');
    await scene.app.advanceClock(31_000);
    const last = await untilProgress(scene.instance.orders, group, (progress) => progress.state === 'failed');
    expect(last).toMatchObject({ renewals: 0, messageCode: 'RFA17A' });
  });
});

describe('one open order per group', () => {
  it('gives way to another device, and its withdrawal costs no attempt', async () => {
    const request = await scene.instance.request();
    const { orderId: first } = await scene.instance.orders.placeOrder(request);
    const { orderId: second } = await scene.instance.orders.placeOrder({ ...request, device: 'this' });
    expect((await untilClaimed(scene.instance.orders, first)).answer).toMatchObject({
      status: 'failed',
      failure: 'withdrawn',
      countsAsAttempt: false,
    });
    expect(await scene.instance.orders.getProgress(request.group)).toMatchObject({ orderId: second, state: 'pending' });
    const open = (await scene.app.listOrders()).slice(0, 2).map((order) => order.status);
    expect(open).toEqual(['pending', 'cancelled']);
  });

  it('is never two, however many press at once', async () => {
    const request = await scene.instance.request();
    const placed = await Promise.allSettled(
      Array.from({ length: 10 }, () => scene.instance.orders.placeOrder(request)),
    );
    expect(placed.some((one) => one.status === 'fulfilled')).toBe(true);
    const [count] = await scene.db.asOwner(
      `select count(*)::int as open from sign_order where order_group = $1 and state in ('requested', 'pending', 'answer-unknown')`,
      [request.group],
    );
    expect(count).toEqual({ open: 1 });
  });

  it('is not replaced when it was signed a moment ago', async () => {
    const idle = await startInstance({
      url: scene.simulator.rpUrl,
      material: scene.simulator.pki,
      db: scene.db,
      workers: false,
    });
    const request = await idle.request();
    const { orderId } = await idle.orders.placeOrder(request);
    const frame = await idle.orders.getQrFrame(request.group, systemClock.now());
    await scene.app.sign((await scene.app.scan(frame ?? '')).id);
    await expect(idle.orders.placeOrder(request)).rejects.toMatchObject({ code: 'order.already-open' });
    await idle.orders.cancelOrder(request.group);
    expect((await untilClaimed(idle.orders, orderId)).answer.status).toBe('complete');
    await idle.close();
  });

  it('is cancelled at BankID before the caller is told so', async () => {
    const { group, orderId } = await scene.instance.place();
    await scene.instance.orders.cancelOrder(group);
    expect((await scene.app.listOrders())[0]).toMatchObject({ status: 'cancelled' });
    expect(await scene.instance.orders.getProgress(group)).toMatchObject({
      orderId,
      state: 'failed',
      messageCode: 'RFA3',
    });
    await expect(scene.instance.orders.cancelOrder(group)).resolves.toBeUndefined();
  });

  it('is left alone when BankID does not say whether it is cancelled', async () => {
    const { group } = await scene.instance.place();
    await scene.app.setFault({
      next: 'request',
      endpoint: 'cancel',
      kind: 'error',
      status: 500,
      errorCode: 'internalError',
    });
    await expect(scene.instance.orders.cancelOrder(group)).rejects.toMatchObject({ code: 'bankid.unavailable' });
    expect(await scene.instance.orders.getProgress(group)).toMatchObject({ state: 'pending' });
  });
});

describe('the second order of one person', () => {
  it('is refused as already in progress and stops the first', async () => {
    const requirement = { personalNumber: '191212121212' as PersonalNumber };
    const first = await scene.instance.place({ requirement });
    const second = await scene.instance.request({ requirement });
    await expect(scene.instance.orders.placeOrder(second)).rejects.toMatchObject({
      code: 'bankid.already-in-progress',
      extra: { messageCode: 'RFA4' },
    });
    expect(await scene.instance.orders.getProgress(second.group)).toMatchObject({
      state: 'failed',
      messageCode: 'RFA4',
    });
    await untilProgress(scene.instance.orders, first.group, (progress) => progress.state === 'failed');
    await expect(scene.instance.orders.placeOrder(second)).resolves.toHaveProperty('orderId');
  });
});
