import { systemClock } from '../../../src/kernel/clock.ts';
import { ANYBODY } from '../../support/backchannel/backchannel-steps.ts';
import { Hold } from '../../support/database/hold.ts';
import { eventually } from '../../support/eventually.ts';
import { BackchannelClient, type Requested } from '../../support/parties/backchannel-client.ts';
import { RawClient } from '../../support/parties/raw-client.ts';
import { ProcessSystem } from '../../support/system/process-system.ts';
import type { ServiceProcess } from '../../support/system/service-process.ts';

/** A login by QR code. */
const LOGIN = {
  ...ANYBODY,
  authorization_details: undefined,
  resource: undefined,
  scope: 'openid https://id.oidc.se/scope/naturalPersonInfo',
} as const;

let world: ProcessSystem;
let service: ServiceProcess;
let shop: BackchannelClient;

beforeAll(async () => {
  world = await ProcessSystem.start(1);
  service = world.instances[0]!;
  const { rp } = world.clients;
  shop = await BackchannelClient.create(await RawClient.create(rp, world.raw.tpp.issuer, systemClock), rp);
}, 60_000);
afterAll(() => world.stop());
afterEach(async () => {
  if (!service.isRunning) await restart();
  expect(await world.ledger.findFaults()).toEqual([]);
});

/** The leases of the dead process run out, and the service comes up again. */
async function restart(): Promise<void> {
  await world.ledger.passSeconds(31);
  await service.start();
}

/** The newest login, with all that belongs to it. */
async function newest(): Promise<Readonly<Record<string, unknown>>> {
  const [row] = await world.database.asOwner(
    `select l.state, l.reason, 'login:' || l.client_id || ':' || l.id as subject,
            (select count(*)::int from identification i where i.login_id = l.id) as identifications,
            (select count(*)::int from authentication a where a.login_id = l.id) as authentications,
            (select count(*)::int from audit_event e where e.subject = 'login:' || l.client_id || ':' || l.id
              and e.event::jsonb ->> 'type' in ('login.authenticated', 'login.rejected')) as ends,
            (select string_agg(o.state, ' ') from sign_order o where o.order_group = l.id::text) as orders
       from login l order by l.created_at desc limit 1`,
  );
  return row ?? {};
}

async function scan(requested: Requested): Promise<string> {
  const { text } = await shop.call(requested, 'GET', '/qr');
  return (await world.app.scan(text)).id;
}

const until = (state: string): Promise<Readonly<Record<string, unknown>>> =>
  eventually(async () => {
    const row = await newest();
    return row['state'] === state ? row : undefined;
  });

const whole = { identifications: 1, authentications: 1, ends: 1, orders: 'settled' };

describe('a login during which the service was killed', () => {
  it('is settled once by the next process, if it died before the commit: nothing half was there', async () => {
    const requested = await shop.request(LOGIN);
    const id = await scan(requested);
    const hold = await Hold.audit(world.database, String((await newest())['subject']));
    await world.app.sign(id);
    await hold.untilBlocked();
    await service.kill();
    await hold.untilReleased();
    await hold.release();
    expect(await newest()).toMatchObject({ state: 'awaiting', identifications: 0, authentications: 0, ends: 0 });
    await restart();
    expect(await until('authenticated')).toMatchObject(whole);
    expect(await shop.poll(requested)).toMatchObject({ status: 200 });
  });

  it('is signed while nothing runs, and settled once', async () => {
    const requested = await shop.request(LOGIN);
    const id = await scan(requested);
    await service.kill();
    await world.app.sign(id);
    await restart();
    expect(await until('authenticated')).toMatchObject(whole);
    expect(await shop.poll(requested)).toMatchObject({ status: 200 });
  });

  it('ends where BankID was being asked', async () => {
    await world.app.setFault({ next: 'request', endpoint: 'auth', kind: 'hang' });
    const { subject } = await newest();
    const asking = shop.request(LOGIN).catch((error: unknown) => error);
    await eventually(async () => ((await newest())['subject'] !== subject ? true : undefined));
    await service.kill();
    await asking;
    await world.app.clearFaults();
    await restart();
    await world.ledger.passSeconds(31);
    expect(await until('rejected')).toMatchObject({
      reason: 'order-failed',
      identifications: 0,
      ends: 1,
      orders: 'unknown',
    });
  });
});
