import { Secret } from '../../../src/kernel/secret.ts';
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

describe('a sign order', () => {
  it('comes back signed with everything a court may ask for', async () => {
    const before = scene.clock.now();
    const { group, orderId } = await scene.instance.place();
    expect(await scene.instance.orders.getProgress(group)).toMatchObject({
      state: 'pending',
      messageCode: 'RFA1',
      qr: true,
    });

    await untilProgress(scene.instance.orders, group, (progress) => progress.hintCode === 'outstandingTransaction');
    const seen = await scene.app.scan(await scene.frameOf(group));
    expect(seen).toMatchObject({ text, endUserIp: '192.0.2.7', startedBy: 'qr' });
    await scene.app.wait(seen.id, 'userSign');
    const waiting = await untilProgress(scene.instance.orders, group, (progress) => progress.hintCode === 'userSign');
    expect(waiting).toMatchObject({ messageCode: 'RFA9', qr: false });
    expect(await scene.instance.orders.getQrFrame(group, scene.clock.now())).toBeUndefined();
    await scene.app.sign(seen.id, { deviceIp: '198.51.100.4' });

    const order = await untilClaimed(scene.instance.orders, orderId);
    if (order.answer.status !== 'complete') throw new Error('not complete');
    expect(order).toMatchObject({
      group,
      context: { consentId: 'the-context' },
      relyingPartyName: scene.simulator.pki.relyingPartyName,
      device: 'other',
      endUserIp: '192.0.2.7',
      launchLinkGivenAt: undefined,
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
    expect(await scene.instance.orders.getProgress(group)).toMatchObject({ state: 'complete', messageCode: 'RFA21' });
  });

  it('tells the settler at once, and is settled once', async () => {
    const woken = new Promise<void>((resolve) => scene.instance.orders.onAnswered(resolve));
    const { group, orderId } = await scene.instance.place();
    await scene.app.sign(await scene.scan(group));
    await woken;
    const { leaseId } = await untilClaimed(scene.instance.orders, orderId);
    const { orders, database } = scene.instance;
    await expect(
      database.inTransaction((tx) => orders.markSettled(tx, orderId, crypto.randomUUID(), 'authorised')),
    ).rejects.toMatchObject({ code: 'order.not-found' });
    await database.inTransaction((tx) => orders.markSettled(tx, orderId, leaseId, 'authorised'));
    await expect(
      database.inTransaction((tx) => orders.markSettled(tx, orderId, leaseId, 'authorised')),
    ).rejects.toMatchObject({ code: 'order.not-found' });
    expect(await orders.claimAnswered('test-purpose', 10)).toEqual([]);
  });

  it('waits when it is deferred, and is back when what it waited for happens', async () => {
    const { group, orderId } = await scene.instance.place();
    await scene.app.sign(await scene.scan(group));
    const first = await untilClaimed(scene.instance.orders, orderId);
    await scene.instance.orders.deferSettlement(orderId, first.leaseId, new Date(scene.clock.now().getTime() + 30_000));
    expect(await scene.instance.orders.claimAnswered('test-purpose', 10)).toEqual([]);
    await scene.instance.orders.resumeSettlement(group);
    const second = await untilClaimed(scene.instance.orders, orderId);
    await expect(
      scene.instance.orders.deferSettlement(orderId, first.leaseId, scene.clock.now()),
    ).rejects.toMatchObject({
      code: 'order.not-found',
    });
    await scene.instance.orders.deferSettlement(
      orderId,
      second.leaseId,
      new Date(scene.clock.now().getTime() + 30_000),
    );
    scene.clock.advance(31_000);
    expect((await untilClaimed(scene.instance.orders, orderId)).orderId).toBe(orderId);
  });

  it('is claimed by one settler only', async () => {
    const { group } = await scene.instance.place();
    await scene.app.sign(await scene.scan(group));
    await untilProgress(scene.instance.orders, group, (progress) => progress.state === 'complete');
    const claims = await Promise.all(
      Array.from({ length: 8 }, () => scene.instance.orders.claimAnswered('test-purpose', 10)),
    );
    expect(claims.flat().filter((order) => order.group === group)).toHaveLength(1);
    expect(await scene.instance.orders.claimAnswered('another-purpose', 10)).toEqual([]);
  });

  it('cancelled by the payer in the app costs an attempt', async () => {
    const { group, orderId } = await scene.instance.place();
    await scene.app.cancel(await scene.scan(group));
    const order = await untilClaimed(scene.instance.orders, orderId);
    expect(order.answer).toMatchObject({ status: 'failed', failure: 'userCancel', countsAsAttempt: true });
    expect(await scene.instance.orders.getProgress(group)).toMatchObject({
      state: 'failed',
      messageCode: 'RFA6',
      failure: 'userCancel',
    });
  });

  it('that the payer opened and let lie expires', async () => {
    const { group, orderId } = await scene.instance.place();
    await scene.scan(group);
    await untilProgress(scene.instance.orders, group, ({ hintCode }) => hintCode === 'userSign');
    await scene.app.advanceClock(200_000);
    const order = await untilClaimed(scene.instance.orders, orderId);
    expect(order.answer).toMatchObject({ status: 'failed', failure: 'expiredTransaction', countsAsAttempt: true });
  });

  it('with an unknown hint code goes on', async () => {
    await scene.app.setFault({ next: 'order', pendingHint: 'userDances' });
    const { group } = await scene.instance.place();
    const progress = await untilProgress(scene.instance.orders, group, ({ hintCode }) => hintCode === 'userDances');
    expect(progress).toMatchObject({ state: 'pending', messageCode: 'RFA21' });
  });

  it('on this device is launched by a link, and the giving out is recorded', async () => {
    const { group, orderId } = await scene.instance.place({ device: 'this' });
    expect(await scene.instance.orders.getQrFrame(group, scene.clock.now())).toBeUndefined();
    const link = await scene.instance.orders.getLaunchLink(
      group,
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)',
    );
    expect(link).toMatch(/^https:\/\/app\.bankid\.com\/\?autostarttoken=/);
    expect(await scene.instance.orders.getLaunchLink(group, 'Mozilla/5.0 (Windows NT 10.0)')).toMatch(/^bankid:\/\/\//);
    expect(await scene.instance.orders.getProgress(group)).toMatchObject({
      launchLinkGiven: true,
      messageCode: 'RFA13',
    });
    const opened = await scene.app.open(link ?? '');
    expect(opened.returnUrl).toBe('http://localhost:3000/return?n=nonce');
    await scene.app.sign(opened.id);
    const order = await untilClaimed(scene.instance.orders, orderId);
    expect(order.launchLinkGivenAt).toBeInstanceOf(Date);
    expect(order.timeline.filter((entry) => entry.event === 'launch-link-given')).toHaveLength(1);
  });

  it('by QR code gives out no launch link', async () => {
    const { group } = await scene.instance.place();
    expect(await scene.instance.orders.getLaunchLink(group, '')).toBeUndefined();
  });

  it('keeps everything personal sealed', async () => {
    const personalNumber = '199001012385' as PersonalNumber;
    const { group, orderId } = await scene.instance.place({ requirement: { personalNumber } });
    await scene.app.sign(await scene.scan(group));
    await untilClaimed(scene.instance.orders, orderId);
    const found = await scene.db.asOwner(
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
    const { rpP12, rpP12Passphrase } = scene.simulator.pki;
    const client = { kind: 'p12', pfx: new Secret(rpP12), passphrase: new Secret(rpP12Passphrase) } as const;
    const other = await startInstance({
      url: scene.simulator.rpUrl,
      material: scene.simulator.pki,
      client,
      db: scene.db,
    });
    await expect(other.place()).resolves.toHaveProperty('orderId');
    await other.close();
  });
});
