import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlannedFault, PretendApp } from '../../../simulator/client.ts';
import { startSimulator, type Simulator } from '../../../simulator/simulator.ts';
import { Collector } from '../../../src/bankid-sign/collector/collector.ts';
import { AnswerRecorder } from '../../../src/bankid-sign/collector/answer-recorder.ts';
import {
  leaseDue,
  leaseOne,
  markAnswerLost,
  rescheduleAll,
} from '../../../src/bankid-sign/collector/collect.repository.ts';
import { RelyingParties } from '../../../src/bankid-sign/relying-parties.ts';
import { DEFAULT_RELYING_PARTY } from '../../../src/bankid-sign/sign-order.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import type { OrderId } from '../../../src/kernel/ids.ts';
import { Metrics } from '../../../src/operations/metrics.ts';
import { parseWrappedKey } from '../../../src/vault/wrapped-key.ts';
import { OrderSteps } from '../../support/bankid/order-steps.ts';
import type { TestDatabase } from '../../support/database/database.ts';
import { eventually } from '../../support/eventually.ts';
import { quick, TestSystem } from '../../support/system/system.ts';

/** No worker runs. */
const AT_REST = { WORKERS: 'false' };

let world: TestSystem;
let stranger: Simulator;
let app: PretendApp;
let db: TestDatabase;
/** Collects by itself. */
let working: OrderSteps;
/** Collects only when the test does it by hand. */
let idle: OrderSteps;

beforeAll(async () => {
  const timings = { ...quick, httpTimeoutMs: 700 };
  // A PKI of its own: ten RSA keys, some of 4096 bits; on a busy machine that takes a while.
  [world, stranger] = await Promise.all([TestSystem.start({ timings }), startSimulator()]);
  ({ app, database: db } = world);
  working = new OrderSteps(world.system, app);
  idle = new OrderSteps(await world.startInstance({ env: AT_REST, timings }), app);
}, 120_000);

afterAll(() => Promise.all([world.stop(), stranger.stop()]));

afterEach(() => app.clearFaults());

/** An instance at rest whose configuration is another in `env`. */
async function otherwise(
  env: Readonly<Record<string, string>>,
  act: (steps: OrderSteps) => Promise<void>,
): Promise<void> {
  const instance = await world.startInstance({ env: { ...AT_REST, ...env }, timings: quick });
  await act(new OrderSteps(instance, app));
  await instance.stop();
}

function file(name: string, content: string): string {
  const path = join(world.folder, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

async function sign(steps: OrderSteps, group: string): Promise<void> {
  await app.sign(await steps.scan(group));
}

async function orderRefOf(orderId: string): Promise<string> {
  const [row] = await db.asOwner('select order_ref from sign_order where id = $1', [orderId]);
  return String(row?.['order_ref']);
}

async function stateOf(orderId: string): Promise<string> {
  const [row] = await db.asOwner('select state from sign_order where id = $1', [orderId]);
  return String(row?.['state']);
}

type RequestFault = Extract<PlannedFault, { next: 'request' }>;
const fault = (part: object): RequestFault => ({ next: 'request', ...part }) as RequestFault;

describe('an order that BankID does not take', () => {
  it.each<[string, object, string, string]>([
    ['408', { kind: 'error', status: 408, errorCode: 'requestTimeout' }, 'bankid.unavailable', 'RFA5'],
    ['500', { kind: 'error', status: 500, errorCode: 'internalError' }, 'bankid.unavailable', 'RFA5'],
    ['503 Maintenance', { kind: 'error', status: 503, errorCode: 'Maintenance' }, 'bankid.unavailable', 'RFA5'],
    ['400', { kind: 'error', status: 400, errorCode: 'invalidParameters' }, 'bankid.refused', 'RFA22'],
    ['a page of HTML', { kind: 'not-json', status: 502 }, 'bankid.unavailable', 'RFA22'],
    ['a hang', { kind: 'hang' }, 'bankid.unavailable', 'RFA5'],
    ['a broken connection', { kind: 'drop' }, 'bankid.unavailable', 'RFA5'],
    ['a lost answer', { kind: 'lost-answer' }, 'bankid.unavailable', 'RFA5'],
  ])('for %s ends in a clear state, and the payer may try again', async (_, part, code, messageCode) => {
    const request = await working.request();
    await app.setFault(fault({ endpoint: 'sign', ...part }));
    await expect(working.orders.placeOrder(request)).rejects.toMatchObject({ code });
    expect(await working.orders.findProgress(request.group)).toMatchObject({ state: 'failed', messageCode });
    await expect(working.orders.placeOrder(request)).resolves.toHaveProperty('orderId');
  });

  it('hangs on connect once and is taken at the second connect', async () => {
    await otherwise({}, async (fresh) => {
      await app.setFault({ next: 'connection' });
      await expect(fresh.place()).resolves.toHaveProperty('orderId');
    });
  }, 15_000);
});

describe('the connection to BankID', () => {
  it('is refused to a server under another root', async () => {
    await otherwise({ BANKID_TLS_ROOT_FILE: file('other-root.pem', stranger.pki.tlsRootPem) }, async (other) => {
      await expect(other.place()).rejects.toMatchObject({ log: expect.stringContaining('server-untrusted') });
    });
  });

  it('is refused to a server whose root is the signature root', async () => {
    const { signatureRootPem } = world.simulator.pki;
    await otherwise({ BANKID_TLS_ROOT_FILE: file('signatures.pem', signatureRootPem) }, async (other) => {
      await expect(other.place()).rejects.toMatchObject({ log: expect.stringContaining('server-untrusted') });
    });
  });

  it('says so when BankID refuses our certificate', async () => {
    const { rpCertificatePem, rpKeyPem } = stranger.pki;
    const env = {
      BANKID_CERTIFICATE_FILE: file('other-rp.pem', rpCertificatePem),
      BANKID_KEY_FILE: file('other-rp-key.pem', rpKeyPem),
    };
    await otherwise(env, async (other) => {
      await expect(other.place()).rejects.toMatchObject({ log: expect.stringContaining('client-certificate-refused') });
    });
  });

  it('says so when BankID does not listen', async () => {
    await otherwise({ BANKID_URL: 'https://localhost:1/rp/v6.0/' }, async (other) => {
      await expect(other.place()).rejects.toMatchObject({ code: 'bankid.unavailable' });
    });
  });
});

describe('a collect that fails', () => {
  it.each<[string, object]>([
    ['408', { kind: 'error', status: 408, errorCode: 'requestTimeout' }],
    ['500', { kind: 'error', status: 500, errorCode: 'internalError' }],
    ['503', { kind: 'error', status: 503, errorCode: 'Maintenance' }],
    ['401', { kind: 'error', status: 401, errorCode: 'unauthorized' }],
    ['a page of HTML with status 200', { kind: 'not-json', status: 200 }],
    ['a hang', { kind: 'hang' }],
    ['a broken connection', { kind: 'drop' }],
  ])('with %s says nothing of the order, which is signed all the same', async (_, part) => {
    const { group, orderId } = await working.place();
    await app.setFault(fault({ endpoint: 'collect', times: 2, ...part }));
    await sign(working, group);
    expect((await working.untilClaimed(orderId)).answer.status).toBe('complete');
  });

  it('whose final answer got lost on the way fails the order after a wait, without costing an attempt', async () => {
    const { group, orderId } = await working.place();
    await app.setFault(fault({ endpoint: 'collect', kind: 'lost-answer' }));
    await sign(working, group);
    await eventually(async () => ((await stateOf(orderId)) === 'answer-unknown' ? true : undefined));
    expect(await working.orders.findProgress(group)).toMatchObject({ state: 'pending' });
    const order = await working.untilClaimed(orderId);
    expect(order.answer).toEqual({
      status: 'failed',
      failure: 'answer-lost',
      reachedSigning: false,
      countsAsAttempt: false,
      received: undefined,
    });
    await expect(working.place({ group, subject: order.subject })).resolves.toHaveProperty('orderId');
  });
});

describe('two instances on one database', () => {
  it('find a final answer that the other received, however late it is stored', async () => {
    const { group, orderId } = await idle.place();
    const [wrapped = {}] = await db.asOwner(
      'select k.* from sign_order o join data_key k on k.subject = o.subject where o.id = $1',
      [orderId],
    );
    const subject = String(wrapped['subject']);
    const key = parseWrappedKey(wrapped, subject);
    const orderRef = await orderRefOf(orderId);
    await sign(idle, group);
    // This instance took the answer before the other, and stores it after the other was told that there is none.
    const taken = await idle.get(RelyingParties).get(DEFAULT_RELYING_PARTY).client.collect(orderRef);
    if (!taken.answered || taken.value.status === 'pending') {
      // The working instance was faster; its answer is stored.
      expect((await working.untilClaimed(orderId)).answer.status).toBe('complete');
      return;
    }
    await eventually(async () => ((await stateOf(orderId)) === 'answer-unknown' ? true : undefined));
    const relyingParty = DEFAULT_RELYING_PARTY;
    const lease = { orderId: orderId as OrderId, orderRef, relyingParty, group, subject, key, leaseId: '' };
    const recorder = idle.get(AnswerRecorder);
    await recorder.record({ ...lease, hintCode: undefined, answerUnknown: false }, taken.value, taken.received);
    expect((await idle.untilClaimed(orderId)).answer.status).toBe('complete');
  });

  it('store one answer for each order', async () => {
    const instance = await world.startInstance({ timings: quick });
    const ours = new OrderSteps(instance, app);
    const placed = await Promise.all(Array.from({ length: 20 }, () => ours.place()));
    await Promise.all(placed.map(({ group }) => sign(ours, group)));
    const claimed = new Map<string, string>();
    await eventually(async () => {
      for (const order of await ours.orders.claimAnswered('test-purpose', 50)) {
        claimed.set(order.orderId, order.answer.status);
      }
      return placed.every(({ orderId }) => claimed.has(orderId)) ? true : undefined;
    });
    expect(placed.map(({ orderId }) => claimed.get(orderId))).toEqual(placed.map(() => 'complete'));
    await instance.stop();
  }, 30_000);
});

describe('an instance that has lost the lease', () => {
  it('neither reschedules nor fails the order', async () => {
    const lonely = await TestSystem.start({ env: AT_REST, timings: quick });
    const steps = new OrderSteps(lonely.system, lonely.app);
    const { orderId } = await steps.place();
    const { database } = steps;
    const lease = { leaseId: crypto.randomUUID(), leaseMs: 15_000, limit: 10 };
    const former = await leaseOne(database, orderId as OrderId, crypto.randomUUID(), 0);
    const present = await leaseOne(database, orderId as OrderId, crypto.randomUUID(), 15_000);
    if (!former || !present) throw new Error('not leased');
    expect(await leaseDue(database, lease, [DEFAULT_RELYING_PARTY])).toEqual([]);
    expect(await rescheduleAll(database, [{ ...former, delayMs: 0 }])).toBe(0);
    await lonely.database.asOwner(
      `update sign_order set state = 'answer-unknown', answer_unknown_since = now() - interval '1 minute' where id = $1`,
      [orderId],
    );
    expect(await markAnswerLost(database, former, 30_000, systemClock.now())).toBe(false);
    expect(await markAnswerLost(database, present, 90_000, systemClock.now())).toBe(false);
    await lonely.database.asOwner(
      `insert into bankid_answer (order_id, answer_sealed, received_at) values ($1, '\\x00', now())`,
      [orderId],
    );
    expect(await markAnswerLost(database, present, 30_000, systemClock.now())).toBe(false);
    await lonely.stop();
  });
});

describe('an order whose caller of /sign died', () => {
  it('becomes unknown, and the payer may try again', async () => {
    const request = await idle.request();
    await app.setFault(fault({ endpoint: 'sign', kind: 'hang' }));
    const dying = idle.orders.placeOrder(request).catch((error: unknown) => error);
    await idle.untilProgress(request.group, (progress) => progress.state === 'starting');
    await expect(idle.orders.placeOrder(request)).rejects.toMatchObject({ code: 'order.already-open' });
    await db.asOwner(`update sign_order set recorded_at = now() - interval '31 seconds' where order_group = $1`, [
      request.group,
    ]);
    expect(await idle.orders.findProgress(request.group)).toMatchObject({ state: 'failed' });
    await expect(idle.orders.placeOrder(request)).resolves.toHaveProperty('orderId');
    await dying;
    expect(await idle.orders.findProgress(request.group)).toMatchObject({ state: 'pending' });
  });

  it('is found and given up by the collector of any instance', async () => {
    const request = await idle.request();
    await app.setFault(fault({ endpoint: 'sign', kind: 'hang' }));
    const dying = idle.orders.placeOrder(request).catch((error: unknown) => error);
    const { orderId } = await idle.untilProgress(request.group, (progress) => progress.state === 'starting');
    await db.asOwner(`update sign_order set recorded_at = now() - interval '31 seconds' where id = $1`, [orderId]);
    await idle.get(Collector).runOnce();
    expect(await stateOf(orderId)).toBe('unknown');
    await dying;
    await idle.get(Collector).settleInFlight();
  });

  it('is cancelled at BankID too when BankID answers after all', async () => {
    const request = await idle.request();
    await app.setFault(fault({ endpoint: 'sign', kind: 'latency', ms: 300 }));
    const late = idle.orders.placeOrder(request).catch((error: unknown) => error);
    await idle.untilProgress(request.group, (progress) => progress.state === 'starting');
    await idle.orders.cancelOrder(request.group);
    expect(await late).toMatchObject({ code: 'bankid.unavailable' });
    expect((await app.listOrders())[0]).toMatchObject({ status: 'cancelled' });
    expect(await idle.orders.findProgress(request.group)).toMatchObject({ state: 'failed', messageCode: 'RFA3' });
  });
});

describe('what BankID was asked', () => {
  it('is counted by endpoint and outcome', async () => {
    const metrics = working.get(Metrics);
    const answered = await metrics.readCounter('sigill_bankid_calls_total', { endpoint: 'sign', outcome: 'answered' });
    const failed = await metrics.readCounter('sigill_bankid_calls_total', { endpoint: 'sign', outcome: 'maintenance' });
    expect(answered).toBeGreaterThan(0);
    expect(failed).toBe(1);
  });
});
