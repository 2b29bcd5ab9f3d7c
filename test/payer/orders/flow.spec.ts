import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../src/kernel/clock.ts';
import type { PersonalNumber } from '../../../src/kernel/personal-number.ts';
import { scanned, OrderSteps } from '../../support/bankid/order-steps.ts';
import { quick, TestSystem } from '../../support/system/system.ts';

let world: TestSystem;
let steps: OrderSteps;
const text = 'Exempelbutiken vill att du betalar 125,00 kr.';

beforeAll(async () => {
  // The simulator keeps the wall's time when the service's clock is moved.
  world = await TestSystem.start({ timings: quick, simulator: { clock: systemClock }, env: { BANKID_APP_URL: '' } });
  steps = new OrderSteps(world.system, world.app);
}, 120_000);
afterAll(() => world.stop());
afterEach(() => world.app.clearFaults());

describe('a sign order', () => {
  it('comes back signed with everything a court may ask for', async () => {
    const before = world.clock.now();
    const { group, orderId } = await steps.place();
    expect(await steps.orders.findProgress(group)).toMatchObject({
      state: 'pending',
      messageCode: 'RFA1',
      qr: true,
    });

    await steps.untilProgress(group, (progress) => progress.hintCode === 'outstandingTransaction');
    const seen = await steps.open(group);
    expect(seen).toMatchObject({ text, endUserIp: '192.0.2.7', startedBy: 'qr' });
    await world.app.wait(seen.id, 'userSign');
    const waiting = await steps.untilProgress(group, (progress) => progress.hintCode === 'userSign');
    expect(waiting).toMatchObject({ messageCode: 'RFA9', qr: false });
    expect(await steps.orders.findQrFrame(group, world.clock.now())).toBeUndefined();
    await world.app.sign(seen.id, { deviceIp: '198.51.100.4' });

    const order = await steps.untilClaimed(orderId);
    if (order.answer.status !== 'complete') throw new Error('not complete');
    expect(order).toMatchObject({
      group,
      context: { consentId: 'the-context' },
      relyingPartyName: world.simulator.pki.relyingPartyName,
      kind: 'sign',
      start: { ...scanned, endUserIp: '192.0.2.7' },
      launchLinkMadeAt: undefined,
      renewals: 0,
      signParameters: { returnRisk: true, web: { referringDomain: 'localhost' } },
    });
    expect(Buffer.from(order.visibleData).toString()).toBe(text);
    expect(order.orderStartedAt.getTime()).toBeGreaterThanOrEqual(before.getTime());
    expect(order.receivedAt.getTime()).toBeGreaterThan(order.orderStartedAt.getTime());
    expect(order.timeline.map((entry) => entry.event)).toEqual(
      expect.arrayContaining(['requested', 'placed', 'outstandingTransaction', 'userSign', 'complete']),
    );
    expect(order.answer.completion.device.ipAddress).toBe('198.51.100.4');
    expect(order.answer.completion.risk).toBe('low');
    const signature = Buffer.from(order.answer.completion.signature, 'base64').toString();
    expect(signature).toContain(Buffer.from(text).toString('base64'));
    expect(await steps.orders.findProgress(group)).toMatchObject({ state: 'complete', messageCode: 'RFA21' });
  });

  it('wakes the settler as soon as it is answered, and is settled once', async () => {
    const woken = new Promise<void>((resolve) => steps.orders.onAnswered(() => resolve()));
    const { group, orderId } = await steps.place();
    await world.app.sign(await steps.scan(group));
    await woken;
    const { leaseId } = await steps.untilClaimed(orderId);
    const { orders, database } = steps;
    await expect(
      database.inTransaction((tx) => orders.markSettled(tx, orderId, crypto.randomUUID(), 'authorised')),
    ).rejects.toMatchObject({ code: 'order.not-found' });
    await database.inTransaction((tx) => orders.markSettled(tx, orderId, leaseId, 'authorised'));
    await expect(
      database.inTransaction((tx) => orders.markSettled(tx, orderId, leaseId, 'authorised')),
    ).rejects.toMatchObject({ code: 'order.not-found' });
    expect(await orders.claimAnswered('test-purpose', 10)).toEqual([]);
  });

  it('whose settlement is deferred waits, and is claimed again when what it waited for has happened', async () => {
    const { group, orderId } = await steps.place();
    await world.app.sign(await steps.scan(group));
    const first = await steps.untilClaimed(orderId);
    await steps.orders.deferSettlement(orderId, first.leaseId, new Date(world.clock.now().getTime() + 30_000));
    expect(await steps.orders.claimAnswered('test-purpose', 10)).toEqual([]);
    await steps.orders.resumeSettlement(group);
    const second = await steps.untilClaimed(orderId);
    await expect(steps.orders.deferSettlement(orderId, first.leaseId, world.clock.now())).rejects.toMatchObject({
      code: 'order.not-found',
    });
    await steps.orders.deferSettlement(orderId, second.leaseId, new Date(world.clock.now().getTime() + 30_000));
    world.clock.advance(31_000);
    expect((await steps.untilClaimed(orderId)).orderId).toBe(orderId);
  });

  it('is claimed by one settler only', async () => {
    const { group } = await steps.place();
    await world.app.sign(await steps.scan(group));
    await steps.untilProgress(group, (progress) => progress.state === 'complete');
    const claims = await Promise.all(Array.from({ length: 8 }, () => steps.orders.claimAnswered('test-purpose', 10)));
    expect(claims.flat().filter((order) => order.group === group)).toHaveLength(1);
    expect(await steps.orders.claimAnswered('another-purpose', 10)).toEqual([]);
  });

  it('cancelled by the payer in the app costs an attempt', async () => {
    const { group, orderId } = await steps.place();
    await world.app.cancel(await steps.scan(group));
    const order = await steps.untilClaimed(orderId);
    expect(order.answer).toMatchObject({ status: 'failed', failure: 'userCancel', countsAsAttempt: true });
    expect(await steps.orders.findProgress(group)).toMatchObject({
      state: 'failed',
      messageCode: 'RFA6',
      failure: 'userCancel',
    });
  });

  it('that the payer opened and let lie expires', async () => {
    const { group, orderId } = await steps.place();
    await steps.scan(group);
    await steps.untilProgress(group, ({ hintCode }) => hintCode === 'userSign');
    await world.app.advanceClock(200_000);
    const order = await steps.untilClaimed(orderId);
    expect(order.answer).toMatchObject({ status: 'failed', failure: 'expiredTransaction', countsAsAttempt: true });
  });

  it('stays pending when BankID gives a hint code that is unknown', async () => {
    await world.app.setFault({ next: 'order', pendingHint: 'userDances' });
    const { group } = await steps.place();
    const progress = await steps.untilProgress(group, ({ hintCode }) => hintCode === 'userDances');
    expect(progress).toMatchObject({ state: 'pending', messageCode: 'RFA21' });
  });

  it('on this device is launched by a link, and the making of the link is recorded', async () => {
    const { group, orderId } = await steps.place({ start: { ...scanned, device: 'this' } });
    expect(await steps.orders.findQrFrame(group, world.clock.now())).toBeUndefined();
    const link = await steps.launchLink(group, 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)');
    expect(link).toMatch(/^https:\/\/app\.bankid\.com\/\?autostarttoken=/);
    expect(await steps.launchLink(group, 'Mozilla/5.0 (Windows NT 10.0)')).toMatch(/^bankid:\/\/\//);
    expect(await steps.orders.findProgress(group)).toMatchObject({ messageCode: 'RFA13' });
    const opened = await world.app.open(link ?? '');
    expect(opened.returnUrl).toBe('http://localhost:3000/return?n=nonce');
    await world.app.sign(opened.id);
    const order = await steps.untilClaimed(orderId);
    expect(order.launchLinkMadeAt).toEqual(order.timeline.find(({ event }) => event === 'placed')?.at);
  });

  it('by QR code gives out no launch link', async () => {
    const { group } = await steps.place();
    expect(await steps.launchLink(group, '')).toBeUndefined();
  });

  it('keeps everything personal sealed', async () => {
    const personalNumber = '199001012385' as PersonalNumber;
    const { group, orderId } = await steps.place({ requirement: { personalNumber } });
    await world.app.sign(await steps.scan(group));
    await steps.untilClaimed(orderId);
    const found = await world.database.asOwner(
      'select o::text || coalesce(a::text, $2) as everything from sign_order o left join bankid_answer a on a.order_id = o.id where o.id = $1',
      [orderId, ''],
    );
    const everything = String(found[0]?.['everything']);
    const hex = (plain: string): string => Buffer.from(plain).toString('hex');
    for (const plain of [personalNumber, 'Exempelbutiken', '192.0.2.7', 'autostarttoken', 'BankID']) {
      expect(everything).not.toContain(plain);
      expect(everything).not.toContain(hex(plain));
    }
  });
});

describe('the client key', () => {
  it('may come as a PKCS #12 file', async () => {
    const { rpP12, rpP12Passphrase } = world.simulator.pki;
    const file = join(world.folder, 'rp.p12');
    writeFileSync(file, rpP12, { mode: 0o600 });
    const env = {
      BANKID_CERTIFICATE_FILE: '',
      BANKID_KEY_FILE: '',
      BANKID_P12_FILE: file,
      BANKID_P12_PASSPHRASE: rpP12Passphrase,
    };
    const other = await world.startInstance({ env, timings: quick });
    await expect(new OrderSteps(other, world.app).place()).resolves.toHaveProperty('orderId');
    await other.stop();
  });
});
