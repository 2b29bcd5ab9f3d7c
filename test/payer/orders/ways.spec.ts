import { systemClock } from '../../../src/kernel/clock.ts';
import type { PersonalNumber } from '../../../src/kernel/personal-number.ts';
import type { AppObject, OrderKind, OrderRequest, OrderStart, Progress } from '../../../src/bankid-sign/sign-order.ts';
import { OrderSteps, scanned } from '../../support/bankid/order-steps.ts';
import { quick, TestSystem } from '../../support/system/system.ts';

const anna = '199001012385' as PersonalNumber;
const kinds: readonly OrderKind[] = ['sign', 'auth'];
const functions = { sign: 'Signing', auth: 'Identification' } as const;
const iphone: AppObject = {
  appIdentifier: 'se.example.pay',
  deviceOS: 'iOS 18.1',
  deviceModelName: 'iPhone17,1',
  deviceIdentifier: 'an-installation',
};
const inApp: OrderStart = { way: 'app', endUserIp: '192.0.2.7', returnUrl: 'https://app.example/back', app: iphone };
const shown: OrderStart = { way: 'qr', endUserIp: '192.0.2.7', userAgent: 'Kiosk/2' };
const called: OrderStart = { way: 'phone', callInitiator: 'RP' };

let world: TestSystem;
let steps: OrderSteps;

beforeAll(async () => {
  // The simulator keeps the wall's time when the service's clock is moved.
  world = await TestSystem.start({ timings: quick, simulator: { clock: systemClock }, env: { BANKID_APP_URL: '' } });
  steps = new OrderSteps(world.system, world.app);
}, 120_000);
afterAll(() => world.stop());
afterEach(() => world.app.clearFaults());

type Order = { readonly group: string; readonly orderId: string };

const callOf = (part: Partial<OrderRequest> = {}): Promise<Order> =>
  steps.place({ start: called, requirement: { personalNumber: anna }, phoneLimits: 'none', ...part });
const failed = (group: string): Promise<Progress> => steps.untilProgress(group, ({ state }) => state === 'failed');

/** What BankID signed, and what is told of it. */
async function completed({ orderId }: Order): Promise<{ readonly xml: string; readonly parameters: object }> {
  const { answer, signParameters, start, kind } = await steps.untilClaimed(orderId);
  if (answer.status !== 'complete') throw new Error(`failed: ${answer.failure}`);
  expect(start).toBeDefined();
  return {
    xml: Buffer.from(answer.completion.signature, 'base64').toString(),
    parameters: { kind, start, ...signParameters },
  };
}

describe.each(kinds)('an order of the kind %s', (kind) => {
  it('is scanned on a page of ours', async () => {
    const order = await steps.place({ kind });
    expect(await steps.orders.findProgress(order.group)).toMatchObject({ kind, way: 'browser', qr: true });
    await world.app.sign(await steps.scan(order.group));
    const { xml, parameters } = await completed(order);
    expect(xml).toContain(`<funcId>${functions[kind]}</funcId>`);
    expect(parameters).toMatchObject({ kind, start: { ...scanned, endUserIp: '192.0.2.7' }, returnRisk: true });
  });

  it('is opened by a TPP’s app, to which BankID returns', async () => {
    const order = await steps.place({ kind, start: inApp });
    expect(await steps.orders.findProgress(order.group)).toMatchObject({
      kind,
      way: 'app',
      qr: false,
      messageCode: 'RFA13',
    });
    expect(await steps.orders.findQrFrame(order.group, world.clock.now())).toBeUndefined();
    // Asked for by the TPP's server, it is the link for the phone that the app is on.
    const link = await steps.launchLink(order.group, 'node');
    expect(link).toMatch(/^https:\/\/app\.bankid\.com\//);
    const seen = await world.app.open(link ?? '');
    expect(seen.returnUrl).toBe('https://app.example/back');
    await world.app.sign(seen.id);
    const { xml, parameters } = await completed(order);
    expect(xml).toContain(`<funcId>${functions[kind]}</funcId>`);
    expect(parameters).toMatchObject({ kind, start: inApp, app: iphone });
    expect(parameters).not.toHaveProperty('web');
  });

  it('is scanned on a screen of the TPP', async () => {
    const order = await steps.place({ kind, start: shown });
    expect(await steps.launchLink(order.group, 'Kiosk/2')).toBeUndefined();
    expect(await steps.orders.findProgress(order.group)).toMatchObject({
      kind,
      way: 'qr',
      qr: true,
      messageCode: 'RFA1',
    });
    await world.app.sign(await steps.scan(order.group));
    const { xml, parameters } = await completed(order);
    expect(xml).toContain(`<funcId>${functions[kind]}</funcId>`);
    expect(parameters).toMatchObject({ kind, start: shown });
    expect(parameters).not.toHaveProperty('returnUrl');
  });

  it('is found by its person’s app in a phone call, and started by nothing else', async () => {
    const order = await callOf({ kind });
    const { group } = order;
    expect(await steps.orders.findProgress(group)).toMatchObject({
      kind,
      way: 'phone',
      device: 'call',
      qr: false,
      start: undefined,
    });
    expect(await steps.launchLink(group, 'Mozilla/5.0 (iPhone)')).toBeUndefined();
    expect(await steps.orders.findQrFrame(group, world.clock.now())).toBeUndefined();
    const { id, callInitiator } = await world.app.openFor(anna);
    expect(callInitiator).toBe('RP');
    const asked = await steps.untilProgress(group, ({ hintCode }) => hintCode === 'userCallConfirm');
    expect(asked).toMatchObject({ state: 'pending', messageCode: 'RFA21' });
    await world.app.answerCall(id, true);
    await steps.untilProgress(group, ({ hintCode }) => hintCode === 'userSign');
    await world.app.sign(id);
    const { xml, parameters } = await completed(order);
    expect(xml).toContain(`<funcId>${functions[kind]}</funcId>`);
    expect(parameters).toEqual({ kind, start: called, personalNumber: anna, callInitiator: 'RP' });
  });

  it('fails where its person is in no such call, and it is no attempt of theirs', async () => {
    const { group, orderId } = await callOf({ kind });
    await world.app.openFor(anna).then(({ id }) => world.app.answerCall(id, false));
    expect(await failed(group)).toMatchObject({ failure: 'userDeclinedCall', messageCode: 'RFA6' });
    expect((await steps.untilClaimed(orderId)).answer).toMatchObject({ countsAsAttempt: false });
  });

  it('is refused in a phone call while the person has another order, and BankID ends both', async () => {
    const { group } = await steps.place({ requirement: { personalNumber: anna } });
    await expect(callOf({ kind })).rejects.toMatchObject({ code: 'bankid.already-in-progress' });
    expect(await failed(group)).toMatchObject({ failure: 'cancelled' });
  });

  it('is withdrawn by the caller', async () => {
    const { group } = await callOf({ kind });
    await steps.orders.cancelOrder(group);
    expect(await failed(group)).toMatchObject({ failure: 'withdrawn' });
    await expect(world.app.openFor(anna)).rejects.toThrow('nothing-waits');
  });

  it.each<[string, OrderStart, string]>([
    ['a browser', scanned, kind],
    ['an app', inApp, kind],
    ['a QR code of a TPP', shown, kind],
    ['a phone call', called, `phone/${kind}`],
  ])('that BankID refuses fails at once, asked for by %s', async (_, start, endpoint) => {
    const request = await steps.request({ kind, start, requirement: { personalNumber: anna }, phoneLimits: 'none' });
    const error = { kind: 'error', status: 503, errorCode: 'Maintenance' } as const;
    await world.app.setFault({ next: 'request', endpoint: endpoint as 'sign', ...error });
    await expect(steps.orders.placeOrder(request)).rejects.toMatchObject({ code: 'bankid.unavailable' });
    expect(await steps.orders.findProgress(request.group)).toMatchObject({ state: 'failed', messageCode: 'RFA5' });
  });
});

describe('an order that is not started in time', () => {
  it.each([
    ['in a TPP’s app', inApp],
    ['by a QR code of a TPP', shown],
  ])('is renewed %s, five times', async (_, start) => {
    const { group } = await steps.place({ start });
    const link = await steps.launchLink(group, '');
    for (const renewal of [1, 2, 3, 4, 5]) {
      await world.app.advanceClock(31_000);
      await steps.untilProgress(group, ({ renewals, state }) => renewals === renewal && state === 'pending');
    }
    expect(await steps.launchLink(group, '')).not.toBe(start.way === 'app' ? link : '');
    await world.app.advanceClock(31_000);
    expect(await failed(group)).toMatchObject({ renewals: 5, failure: 'startFailed' });
  });

  it('is renewed before its link dies, when the app asks for the link', async () => {
    const { group, orderId } = await steps.place({ start: inApp });
    const first = await steps.orders.currentLaunchLink(group, '');
    world.clock.advance(14_000);
    expect(await steps.orders.currentLaunchLink(group, '')).toBe(first);
    world.clock.advance(2_000);
    const links = await Promise.all(Array.from({ length: 50 }, () => steps.orders.currentLaunchLink(group, '')));
    const renewed = await steps.untilProgress(group, ({ renewals, state }) => renewals === 1 && state === 'pending');
    expect(renewed.orderId).not.toBe(orderId);
    // Those who asked meanwhile have no link, or the new one; never the dead one.
    const link = await steps.orders.currentLaunchLink(group, '');
    expect(new Set(links.filter((given) => given !== undefined))).toEqual(new Set([link]));
    await expect(world.app.open(first ?? '')).rejects.toThrow();
    await world.app.sign((await world.app.open(link ?? '')).id);
    expect((await steps.untilClaimed(renewed.orderId)).answer.status).toBe('complete');
  });

  it('is not renewed once the app was opened, nor for another way, nor after three minutes', async () => {
    const opened = await steps.place({ start: inApp });
    const link = await steps.orders.currentLaunchLink(opened.group, '');
    const { id } = await world.app.open(link ?? '');
    await steps.untilProgress(opened.group, ({ hintCode }) => hintCode === 'userSign');
    const onPage = await steps.place({ start: { ...scanned, device: 'this' } });
    const old = await steps.place({ start: inApp });
    world.clock.advance(181_000);
    expect(await steps.orders.currentLaunchLink(opened.group, '')).toBe(link);
    expect(await steps.orders.currentLaunchLink(onPage.group, '')).toBeUndefined();
    expect(await steps.orders.currentLaunchLink(old.group, '')).toBeDefined();
    await world.app.sign(id);
    expect((await steps.untilClaimed(opened.orderId)).answer.status).toBe('complete');
    for (const { group } of [onPage, old])
      expect(await steps.orders.findProgress(group)).toMatchObject({ state: 'pending', renewals: 0 });
  });

  it('keeps the signature that was given just before the app asked for the link', async () => {
    const { group, orderId } = await steps.place({ start: inApp });
    const { id } = await world.app.open((await steps.orders.currentLaunchLink(group, '')) ?? '');
    await world.app.sign(id);
    world.clock.advance(16_000);
    await steps.orders.currentLaunchLink(group, '');
    expect((await steps.untilClaimed(orderId)).answer.status).toBe('complete');
  });

  it('is never renewed in a phone call', async () => {
    const { group, orderId } = await callOf();
    await world.app.fail(await lastOrder(), 'startFailed');
    expect(await failed(group)).toMatchObject({ orderId, renewals: 0, failure: 'startFailed' });
  });

  it('expires in a phone call, and it is no attempt of the person', async () => {
    const { group, orderId } = await callOf();
    await world.app.advanceClock(181_000);
    expect(await failed(group)).toMatchObject({ orderId, renewals: 0, failure: 'expiredTransaction' });
    expect((await steps.untilClaimed(orderId)).answer).toMatchObject({ countsAsAttempt: false });
  });
});

describe('a phone order that failed after it was opened', () => {
  it.each([
    ['certificateErr', true],
    ['userCancel', false],
    ['expiredTransaction', false],
  ])('with %s counts as an attempt of its person: %s', async (hintCode, countsAsAttempt) => {
    const { group, orderId } = await callOf();
    const { id } = await world.app.openFor(anna);
    await world.app.answerCall(id, true);
    await steps.untilProgress(group, (progress) => progress.hintCode === 'userSign');
    await world.app.fail(id, hintCode);
    expect((await steps.untilClaimed(orderId)).answer).toMatchObject({ failure: hintCode, countsAsAttempt });
  });

  it('with certificateErr before the person was asked to sign is no attempt', async () => {
    const { orderId } = await callOf();
    await world.app.fail(await lastOrder(), 'certificateErr');
    expect((await steps.untilClaimed(orderId)).answer).toMatchObject({ countsAsAttempt: false });
  });
});

/** The simulator's name of the newest order. */
async function lastOrder(): Promise<string> {
  const [newest] = await world.app.listOrders();
  if (!newest) throw new Error('no order');
  return newest.id;
}
