import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Database } from '../../../src/database/database.ts';
import { Metrics } from '../../../src/operations/metrics.ts';
import { Workers } from '../../../src/operations/workers.ts';
import { PingWorker } from '../../../src/token/backchannel/ping/ping-worker.ts';
import { delayPing, leasePings } from '../../../src/token/backchannel/ping/ping.repository.ts';
import type { BackchannelId } from '../../../src/token/backchannel/store/backchannel-id.ts';
import type { System } from '../../../sandbox/system.ts';
import { ANYBODY, BackchannelSteps } from '../../support/backchannel/backchannel-steps.ts';
import { PingReceiver } from '../../support/backchannel/ping-receiver.ts';
import { eventually } from '../../support/eventually.ts';
import type { BackchannelClient, Requested } from '../../support/parties/backchannel-client.ts';
import { atRest, quick } from '../../support/system/system.ts';

const TOKEN = 'notify-me-8d67dc78-7faa-4d41-aabd-67707b374255';

let steps: BackchannelSteps;
let receiver: PingReceiver;
/** The only instance with workers, at which the clients are registered for pings. */
let instance: System;
let tpp: BackchannelClient;
/** Its endpoint is within our network. */
let insider: BackchannelClient;

beforeAll(async () => {
  steps = await BackchannelSteps.start(atRest);
  const { folder, system } = steps.world;
  receiver = await PingReceiver.start(join(folder, 'receiver'));
  const { appTpp, signingTpp } = system.clients;
  instance = await steps.world.startInstance({
    timings: quick,
    env: {
      CLIENTS_FILE: registered({
        [appTpp.id]: `https://localhost:${receiver.port}/ping`,
        [signingTpp.id]: `https://127.0.0.1:${receiver.port}/inside`,
      }),
      PING_LOOPBACK_HOSTS: 'localhost',
      PING_CA_FILE: receiver.rootFile,
    },
  });
  tpp = await steps.connect(appTpp, instance);
  insider = await steps.connect(signingTpp, instance);
  // Each ping is sent when the test says so.
  await instance.app.get(Workers).stop('ping-worker');
}, 30_000);

afterAll(async () => {
  await receiver.stop();
  await steps.stop();
});

beforeEach(() => {
  receiver.pings.length = 0;
});

/** The registrations of the sandbox, with these clients notified at these addresses. */
function registered(endpoints: Readonly<Record<string, string>>): string {
  const { file } = steps.world.system.clients;
  const clients = JSON.parse(readFileSync(file, 'utf8')) as readonly { readonly id: string }[];
  const changed = clients.map((client) => {
    const notificationEndpoint = endpoints[client.id];
    const backchannel = { ways: ['qr'], delivery: 'ping', notificationEndpoint };
    return notificationEndpoint === undefined ? client : { ...client, backchannel };
  });
  const path = join(steps.world.folder, 'clients-with-pings.json');
  writeFileSync(path, JSON.stringify(changed));
  return path;
}

const request = (client = tpp): Promise<Requested> => client.request({ ...ANYBODY, client_notification_token: TOKEN });

async function authorised(client = tpp): Promise<Requested> {
  const requested = await request(client);
  const { text } = await client.call(requested, 'GET', '/qr');
  await steps.sign((await steps.world.app.scan(text)).id);
  return requested;
}

const stateOf = async (requested: Requested): Promise<unknown> => (await tpp.call(requested, 'GET')).body['state'];

/** What is due is sent now, and its sending begins. */
const sendDue = (): Promise<number> => instance.app.get(PingWorker).runOnce();

const pinged = (count: number): Promise<true> =>
  eventually(async () => {
    await sendDue();
    return receiver.pings.length >= count ? true : undefined;
  });

/** What the row of the request still has of its ping. */
async function outbox({ id }: Requested): Promise<unknown> {
  const sql =
    'select ping_sealed is not null as sealed, ping_due_at is not null as due, ping_tries as tries from backchannel_request where id = $1';
  return (await steps.database.asOwner(sql, [id]))[0];
}

const done = (requested: Requested, tries: number): Promise<true> =>
  eventually(async () => {
    await sendDue();
    const row = (await outbox(requested)) as { sealed: boolean; due: boolean; tries: number };
    return !row.sealed && !row.due && row.tries === tries ? true : undefined;
  });

/** Seconds until the next try, after each of the first four. */
const PAUSES = [5, 15, 45, 120];

/** This try has failed, and the next one waits. A lease, which lasts 30 s, is none of these pauses. */
const failed = (requested: Requested, tries: number): Promise<true> =>
  eventually(async () => {
    await sendDue();
    const sql = `select abs(extract(epoch from ping_due_at - $3::timestamptz) - $4::int) < 4 as waits
                   from backchannel_request where id = $1 and ping_tries = $2`;
    const values = [requested.id, tries, steps.clock.now(), PAUSES[tries - 1]];
    return (await steps.database.asOwner(sql, values))[0]?.['waits'] === true ? true : undefined;
  });

describe('a client that is notified', () => {
  it('is told once that its payment was signed, by its own token, and then fetches the token', async () => {
    const requested = await authorised();
    await pinged(1);
    expect(receiver.pings).toEqual([
      {
        method: 'POST',
        path: '/ping',
        authorization: `Bearer ${TOKEN}`,
        contentType: 'application/json',
        body: { auth_req_id: requested.authReqId },
      },
    ]);
    await done(requested, 1);
    expect((await tpp.poll(requested)).status).toBe(200);
  });

  it('is told of a refusal, of a cancellation and of an expiry alike', async () => {
    const [declined, cancelled, expired] = [await request(), await request(), await request()];
    const { text } = await tpp.call(declined, 'GET', '/qr');
    await steps.world.app.cancel((await steps.world.app.scan(text)).id);
    await tpp.call(cancelled, 'DELETE');
    // Their leases are over before the clock moves on.
    await Promise.all([done(declined, 1), done(cancelled, 1)]);
    steps.advance(181);
    await done(expired, 1);
    const told = receiver.pings.map(({ body }) => (body as { auth_req_id: string }).auth_req_id);
    expect(told.sort()).toEqual([declined, cancelled, expired].map(({ authReqId }) => authReqId).sort());
  });

  it('needs no ping any more once it has fetched its token', async () => {
    receiver.react(500);
    const requested = await authorised();
    await failed(requested, 1);
    expect((await tpp.poll(requested)).status).toBe(200);
    expect(await outbox(requested)).toEqual({ sealed: false, due: false, tries: 1 });
  });
});

describe('a notification endpoint', () => {
  it('that fails, breaks the connection and comes back is told at last', async () => {
    receiver.react(500, 'reset', 404, 200);
    const requested = await authorised();
    for (const [tries, pause] of PAUSES.slice(0, 3).entries()) {
      await failed(requested, tries + 1);
      steps.advance(pause);
    }
    await done(requested, 4);
    expect(receiver.pings).toHaveLength(4);
  });

  it('that fails five times is given up, and the client may still ask', async () => {
    receiver.react(500, 503, 404, 'reset', 500);
    const requested = await authorised();
    for (const [tries, pause] of PAUSES.entries()) {
      await failed(requested, tries + 1);
      steps.advance(pause);
    }
    await done(requested, 5);
    expect(receiver.pings).toHaveLength(5);
    expect(await instance.app.get(Metrics).readCounter('sigill_pings_total', { outcome: 'given-up' })).toBe(1);
    expect((await tpp.poll(requested)).status).toBe(200);
  });

  it.each([401, 403])('that answers %i is not asked again', async (status) => {
    receiver.react(status);
    await done(await authorised(), 1);
    expect(receiver.pings).toHaveLength(1);
  });

  it('that redirects leads nowhere, and is not asked again', async () => {
    receiver.react({ redirect: `https://localhost:${receiver.port}/elsewhere` });
    const requested = await authorised();
    await done(requested, 1);
    expect(receiver.pings.map(({ path }) => path)).toEqual(['/ping']);
    expect((await tpp.poll(requested)).status).toBe(200);
  });

  it('that hangs keeps no other client waiting', async () => {
    receiver.react('hang');
    const [hanging] = [await authorised()];
    await pinged(1);
    const other = await authorised();
    await done(other, 1);
    expect(receiver.pings).toHaveLength(2);
    receiver.release();
    await failed(hanging, 1);
    expect((await tpp.poll(hanging)).status).toBe(200);
  });

  it('is told once, though ten workers look at the same time', async () => {
    const requested = await authorised();
    await eventually(async () => ((await stateOf(requested)) === 'done' ? true : undefined));
    await Promise.all(Array.from({ length: 10 }, sendDue));
    await done(requested, 1);
    expect(receiver.pings).toHaveLength(1);
  });

  it('is told by another instance, where the one that began to has died', async () => {
    const requested = await authorised();
    await eventually(async () => ((await stateOf(requested)) === 'done' ? true : undefined));
    const now = steps.clock.now();
    const leaseId = randomUUID();
    const until = new Date(now.getTime() + 30_000);
    expect(await leasePings(instance.app.get(Database), { leaseId, now, until }, [], 5)).toHaveLength(1);
    expect(await sendDue()).toBe(0);
    steps.advance(31);
    await done(requested, 2);
    // What the dead one might still write names a lease that is over.
    await delayPing(instance.app.get(Database), requested.id as BackchannelId, leaseId, until);
    expect(await outbox(requested)).toEqual({ sealed: false, due: false, tries: 2 });
    expect(receiver.pings).toHaveLength(1);
  });

  it('within our network is never called', async () => {
    await done(await authorised(insider), 1);
    expect(receiver.pings).toEqual([]);
  });
});
