import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PersonalNumber } from '../../src/kernel/personal-number.ts';
import type { OrderRequest } from '../../src/bankid-sign/sign-order.ts';
import { SECOND_CERTIFICATE } from '../../sandbox/clients.ts';
import { OrderSteps } from '../support/bankid/order-steps.ts';
import { LogLines } from '../support/logs/log-lines.ts';
import { Metrics } from '../support/logs/metrics.ts';
import { quick, TestSystem } from '../support/system/system.ts';

const anna = '199001012385' as PersonalNumber;
const second = { relyingParty: SECOND_CERTIFICATE };
const calling: Partial<OrderRequest> = {
  ...second,
  start: { way: 'phone', callInitiator: 'user' },
  requirement: { personalNumber: anna },
};

const log = new LogLines();
let world: TestSystem;
let steps: OrderSteps;

beforeAll(async () => {
  world = await TestSystem.start({ timings: quick, logStream: log });
  steps = new OrderSteps(world.system, world.app);
}, 60_000);
afterAll(() => world.stop());

/** The default certificate alone, and no client that is registered with another. */
function withoutRing({ folder, system }: TestSystem): Record<string, string> {
  const clients = JSON.parse(readFileSync(system.clients.file, 'utf8')) as { readonly bankidCertificate?: string }[];
  const file = join(folder, 'clients-of-the-default.json');
  writeFileSync(file, JSON.stringify(clients.filter(({ bankidCertificate }) => bankidCertificate === undefined)));
  return { BANKID_CERTIFICATES_FILE: '', CLIENTS_FILE: file };
}

describe('an order with the RP certificate of another holder', () => {
  it('names that holder in the app and in what is signed, and is collected with that certificate', async () => {
    const { group, orderId } = await steps.place(second);
    const seen = await steps.open(group);
    expect(seen.requestedBy).toBe('Exempelbutiken');
    await world.app.sign(seen.id);
    const { relyingPartyName, answer } = await steps.untilClaimed(orderId);
    expect(relyingPartyName).toMatch(/^cn=Exempelbutiken AB,/);
    if (answer.status !== 'complete') throw new Error(answer.failure);
    const xml = Buffer.from(answer.completion.signature, 'base64').toString();
    expect(xml).toContain(`<name>${Buffer.from(relyingPartyName).toString('base64')}</name>`);
  });

  it('is renewed with that certificate', async () => {
    const { group } = await steps.place(second);
    await world.app.fail((await world.app.listOrders())[0]!.id, 'startFailed');
    await steps.untilProgress(group, ({ renewals, state }) => renewals === 1 && state === 'pending');
    expect((await steps.open(group)).requestedBy).toBe('Exempelbutiken');
    await steps.orders.cancelOrder(group);
  });

  it('is cancelled with that certificate', async () => {
    const { group } = await steps.place(calling);
    expect((await world.app.listOrders())[0]).toMatchObject({ status: 'pending', requestedBy: 'Exempelbutiken' });
    await steps.orders.cancelOrder(group);
    expect((await world.app.listOrders())[0]).toMatchObject({ status: 'cancelled' });
    await expect(world.app.openFor(anna)).rejects.toThrow('nothing-waits');
  });

  it('is not sent where the ring has no such certificate, and nothing is stored', async () => {
    const request = await steps.request({ relyingParty: 'nobody' });
    await expect(steps.orders.placeOrder(request)).rejects.toMatchObject({
      code: 'bankid.unavailable',
      log: 'the ring has no RP certificate "nobody" (BANKID_CERTIFICATES_FILE)',
    });
    expect(await steps.orders.findProgress(request.group)).toBeUndefined();
  });
});

describe('a service whose client is registered with a certificate that the ring lacks', () => {
  it('does not start, and says which', async () => {
    await expect(world.startInstance({ env: { BANKID_CERTIFICATES_FILE: '' } })).rejects.toThrow(
      'bankidCertificate is no certificate of BANKID_CERTIFICATES_FILE',
    );
  });
});

describe('an instance from which a certificate was removed', () => {
  it('leaves the open orders of that certificate to others, says so, and collects the rest', async () => {
    const { group, orderId } = await steps.place(second);
    const without = await world.startInstance({ env: withoutRing(world), timings: quick });
    await log.until(
      ({ msg }) => msg === `1 open orders need the RP certificate "${SECOND_CERTIFICATE}", which the ring lacks`,
    );
    expect(await new Metrics(without.metricsUrl).read('sigill_orders_without_certificate')).toBe(1);
    await expect(new OrderSteps(without, world.app).orders.cancelOrder(group)).rejects.toMatchObject({
      code: 'bankid.unavailable',
    });
    // The instance that has it collects the order all the same.
    await world.app.sign(await steps.scan(group));
    expect((await steps.untilClaimed(orderId)).answer.status).toBe('complete');
    await without.stop();
  });

  it('ends them when BankID has them no more, without a word of a signature', async () => {
    const lonely = await TestSystem.start({ timings: quick, env: { WORKERS: 'false' } });
    const placing = new OrderSteps(lonely.system, lonely.app);
    const { group, orderId } = await placing.place(second);
    await lonely.database.asOwner(`update sign_order set recorded_at = now() - interval '16 minutes' where id = $1`, [
      orderId,
    ]);
    await lonely.startInstance({ env: withoutRing(lonely), timings: quick });
    const order = await placing.untilClaimed(orderId);
    expect(order.answer).toMatchObject({ status: 'failed', failure: 'answer-lost', countsAsAttempt: false });
    expect(await placing.orders.findProgress(group)).toMatchObject({ state: 'failed' });
    await lonely.stop();
  });
});
