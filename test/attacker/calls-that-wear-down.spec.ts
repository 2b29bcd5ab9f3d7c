import { addMs, systemClock } from '../../src/kernel/clock.ts';
import type { ClientId } from '../../src/kernel/ids.ts';
import type { PersonalNumber } from '../../src/kernel/personal-number.ts';
import type { OrderRequest } from '../../src/bankid-sign/sign-order.ts';
import { PhoneOrders } from '../../src/bankid-sign/phone-orders.ts';
import { OrderSteps } from '../support/bankid/order-steps.ts';
import { runOperatorCommand } from '../support/commands/operator-command.ts';
import { eventually } from '../support/eventually.ts';
import { Metrics } from '../support/logs/metrics.ts';
import { quick, TestSystem } from '../support/system/system.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const anna = '199001012385' as PersonalNumber;
const bo = '198506152399' as PersonalNumber;
const exempelbetal = 'exempelbetal' as ClientId;
const provbetal = 'provbetal' as ClientId;
const BUSY = { code: 'bankid.already-in-progress', extra: { messageCode: 'RFA4' } };

let world: TestSystem;
let steps: OrderSteps;
let metrics: Metrics;

beforeEach(async () => {
  // Orders live by the wall's clock at BankID, and are counted by the service's.
  world = await TestSystem.start({ timings: quick, simulator: { clock: systemClock } });
  steps = new OrderSteps(world.system, world.app);
  metrics = new Metrics(world.system.metricsUrl);
}, 60_000);
afterEach(() => world.stop());

type Order = { readonly group: string; readonly orderId: string };

const call = (clientId: ClientId, person: PersonalNumber, part: Partial<OrderRequest> = {}): Promise<Order> =>
  steps.place({
    clientId,
    start: { way: 'phone', callInitiator: 'RP' },
    requirement: { personalNumber: person },
    ...part,
  });
const failureOf = async ({ group }: Order): Promise<string | undefined> =>
  (await steps.untilProgress(group, ({ state }) => state === 'failed')).failure;
const decline = async (order: Order, person: PersonalNumber): Promise<void> => {
  await world.app.answerCall((await world.app.openFor(person)).id, false);
  await failureOf(order);
};
/** Another person of Skatteverket's list is not needed: what counts is what became of the client's orders. */
const calledBefore = (
  clientId: ClientId,
  failure: string | null,
  count: number,
  ageMs = 0,
  waitedMs = 0,
): Promise<unknown> =>
  world.database.asOwner(
    `with called as (
       insert into sign_order (id, purpose, order_group, subject, state, kind, way, device, relying_party, relying_party_name,
                               requested_at, pressed_at, order_ref, started_at, answered_at, answer_status, failure,
                               settled_at, outcome)
       select gen_random_uuid(), 'past', gen_random_uuid(), 'past', 'settled', 'sign', 'phone', 'call', 'default', 'x',
              $4, $4, gen_random_uuid(), $4, $4::timestamptz + make_interval(secs => $5::float8), case when $2::text is null then 'complete' else 'failed' end, $2, $4, 'past'
         from generate_series(1, $3) returning id)
     insert into phone_order (order_id, client_id, placed_at) select id, $1, $4 from called`,
    [clientId, failure, count, addMs(world.clock.now(), -ageMs), waitedMs / 1000],
  );

describe('orders in phone calls for one person', () => {
  it('are three in ten minutes and ten in a day, over all clients', async () => {
    const clients = [exempelbetal, provbetal];
    for (let placed = 0; placed < 10; placed += 1) {
      const client = clients[placed % 2]!;
      await steps.orders.cancelOrder((await call(client, anna)).group);
      if (placed % 3 !== 2) continue;
      await expect(call(exempelbetal, anna)).rejects.toMatchObject(BUSY);
      await expect(call(provbetal, anna)).rejects.toMatchObject(BUSY);
      world.clock.advance(10 * MINUTE);
    }
    world.clock.advance(10 * MINUTE);
    await expect(call(provbetal, anna)).rejects.toMatchObject(BUSY);
    expect(await metrics.read('sigill_phone_orders_refused_total', 'day')).toBe(1);
    await steps.orders.cancelOrder((await call(provbetal, bo)).group);
    world.clock.advance(DAY);
    await expect(call(provbetal, anna)).resolves.toHaveProperty('orderId');
  }, 30_000);

  it('are limited although fifty callers of two clients ask at the same time, and one at most is open', async () => {
    const asked = Array.from({ length: 50 }, (_, index) => call(index % 2 === 0 ? exempelbetal : provbetal, anna));
    const outcomes = await Promise.allSettled(asked);
    const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as object] : []));
    for (const reason of reasons) expect(reason).toMatchObject(BUSY);
    const [stored] = await world.database.asOwner(
      `select count(*)::int as orders, count(*) filter (where state in ('requested', 'pending', 'answer-unknown'))::int as open,
              count(distinct client_id)::int as clients
         from phone_order p join sign_order o on o.id = p.order_id`,
    );
    expect(Number(stored?.['orders'])).toBeLessThanOrEqual(3);
    expect(stored).toMatchObject({ clients: 1 });
    // None, where two of the client's own were on their way to BankID at the same time: it ends both.
    expect(Number(stored?.['open'])).toBeLessThanOrEqual(1);
    const atBankId = (await world.app.listOrders()).filter(({ status }) => status === 'pending');
    expect(atBankId.length).toBeLessThanOrEqual(1);
  });

  it('end when the same client asks anew', async () => {
    const first = await call(exempelbetal, anna);
    const second = await call(exempelbetal, anna);
    expect(await failureOf(first)).toBe('withdrawn');
    const seen = await world.app.openFor(anna);
    await world.app.answerCall(seen.id, true);
    await world.app.sign(seen.id);
    expect((await steps.untilClaimed(second.orderId)).answer.status).toBe('complete');
  });

  it('are left alone, and BankID is not asked, when another client asks', async () => {
    const first = await call(exempelbetal, anna);
    const before = (await world.app.listOrders()).length;
    const request = await steps.request({
      clientId: provbetal,
      start: { way: 'phone', callInitiator: 'user' },
      requirement: { personalNumber: anna },
    });
    const ours = await steps.orders.placeOrder(request).catch((error: unknown) => error);
    expect((await world.app.listOrders()).length).toBe(before);
    expect(await steps.orders.findProgress(request.group)).toBeUndefined();
    expect(await steps.orders.findProgress(first.group)).toMatchObject({ state: 'pending' });
    await steps.orders.cancelOrder(first.group);
    // What the client reads is what it reads where BankID itself says so, of an order that we know nothing of.
    await steps.place({ requirement: { personalNumber: bo } });
    const theirs = await call(provbetal, bo).catch((error: unknown) => error);
    const read = (error: unknown): object => {
      const { code, detail, pointer, extra, retryAfterSeconds } = error as Record<string, unknown>;
      return { code, detail, pointer, extra, retryAfterSeconds };
    };
    expect(read(ours)).toEqual(read(theirs));
    expect(read(ours)).toMatchObject(BUSY);
  });

  it('do not count where BankID never had them', async () => {
    for (let tries = 0; tries < 4; tries += 1) {
      await world.app.setFault({
        next: 'request',
        endpoint: 'phone/sign',
        kind: 'error',
        status: 503,
        errorCode: 'Maintenance',
      });
      await expect(call(exempelbetal, anna)).rejects.toMatchObject({ code: 'bankid.unavailable' });
    }
    await expect(call(exempelbetal, anna)).resolves.toHaveProperty('orderId');
  });

  it('are forgotten to have been theirs after a day', async () => {
    await steps.orders.cancelOrder((await call(exempelbetal, anna)).group);
    const known = async (): Promise<unknown> =>
      (await world.database.asOwner('select count(person_hash)::int as known from phone_order'))[0]?.['known'];
    world.clock.advance(DAY - MINUTE);
    await steps.get(PhoneOrders).forgetPersons();
    expect(await known()).toBe(1);
    world.clock.advance(2 * MINUTE);
    await steps.get(PhoneOrders).forgetPersons();
    expect(await known()).toBe(0);
  });

  it('are not limited for a client of the conformance suite, but for the one that is open', async () => {
    await calledBefore(exempelbetal, 'userDeclinedCall', 50);
    const unlimited = { phoneLimits: 'none' } as const;
    for (let placed = 0; placed < 4; placed += 1) await call(exempelbetal, anna, unlimited);
    await expect(call(provbetal, anna, unlimited)).rejects.toMatchObject(BUSY);
  });
});

describe('a client whose calls are declined', () => {
  it('is stopped at the tenth of its latest fifty, until the operator lifts it', async () => {
    await calledBefore(exempelbetal, null, 21);
    await calledBefore(exempelbetal, 'userCancel', 4);
    await calledBefore(exempelbetal, 'expiredTransaction', 3);
    // A request of 30 s ends before BankID's order does; whoever hangs up after 20 s was not answered either.
    await calledBefore(exempelbetal, 'withdrawn', 2, 30_000, 20_000);
    await calledBefore(exempelbetal, 'withdrawn', 20, 60_000, 19_000);
    await decline(await call(exempelbetal, anna), anna);
    await expect(call(exempelbetal, bo)).rejects.toMatchObject({ code: 'oauth.unauthorized-client' });
    // Of others it says nothing.
    await steps.orders.cancelOrder((await call(provbetal, bo)).group);
    expect(await metrics.read('sigill_phone_clients_stopped')).toBe(1);
    expect(await metrics.read('sigill_bankid_orders_failed_total', 'userDeclinedCall')).toBe(1);
    expect(await metrics.read('sigill_phone_orders_refused_total', 'stopped')).toBe(1);

    const listed = await runOperatorCommand(world, ['phone-orders']);
    expect(listed).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('exempelbetal: STOPPED, 10 of the latest 50'),
    });
    expect(listed.stdout).toContain('provbetal: allowed, 0 of the latest 1');
    const lifted = await runOperatorCommand(world, ['phone-orders', '--lift', 'exempelbetal', '--json']);
    expect(JSON.parse(lifted.stdout)).toMatchObject([
      {
        clientId: 'exempelbetal',
        orders: 0,
        declined: 0,
        isStopped: false,
        liftedBy: expect.stringMatching(/^operator:/),
      },
      { clientId: 'provbetal', isStopped: false },
    ]);
    world.clock.advance(1000);
    await expect(call(exempelbetal, bo)).resolves.toHaveProperty('orderId');
    expect(await metrics.read('sigill_phone_clients_stopped')).toBe(0);
  }, 60_000);

  it('is not stopped by what its latest fifty orders have left behind, nor by ends that no person caused', async () => {
    await calledBefore(exempelbetal, 'userDeclinedCall', 10, 2 * MINUTE);
    await calledBefore(exempelbetal, null, 41, MINUTE);
    await calledBefore(provbetal, 'withdrawn', 25);
    await calledBefore(provbetal, 'certificateErr', 25);
    for (const client of [exempelbetal, provbetal]) await steps.orders.cancelOrder((await call(client, bo)).group);
    const clients = await eventually(async () => steps.get(PhoneOrders).listClients());
    expect(clients.map(({ isStopped }) => isStopped)).toEqual([false, false]);
  });

  it('is not lifted where no such client is registered', async () => {
    const { code, stderr } = await runOperatorCommand(world, ['phone-orders', '--lift', 'nobody']);
    expect([code, stderr]).toEqual([64, '--lift names no registered client: nobody\n']);
  }, 30_000);
});
