import { systemClock } from '../../../src/kernel/clock.ts';
import { eventually } from '../../support/eventually.ts';
import { Hold, holdCommitsOf } from '../../support/database/hold.ts';
import type { LedgerEntry } from '../../support/database/ledger.ts';
import { BackchannelClient, type Requested } from '../../support/parties/backchannel-client.ts';
import type { RawAnswer } from '../../support/parties/exchange.ts';
import { anna } from '../../support/parties/payment.ts';
import { RawClient } from '../../support/parties/raw-client.ts';
import { ProcessSystem } from '../../support/system/process-system.ts';

let world: ProcessSystem;
let tpp: BackchannelClient;

beforeAll(async () => {
  world = await ProcessSystem.start(2);
  const { appTpp } = world.clients;
  tpp = await BackchannelClient.create(await RawClient.create(appTpp, world.raw.tpp.issuer, systemClock), appTpp);
  await holdCommitsOf(world.database, 'access_token');
}, 60_000);
afterAll(() => world.stop());

afterEach(async () => {
  for (const instance of world.instances) if (!instance.isRunning) await instance.start();
  world.balancer.serveBy(...world.instances);
  expect(await world.ledger.findFaults()).toEqual([]);
});

/** A payment by QR code that is signed. */
async function authorised(): Promise<Requested> {
  const requested = await tpp.request({ login_hint: undefined });
  const { text } = await tpp.call(requested, 'GET', '/qr');
  await world.app.sign((await world.app.scan(text)).id, { personalNumber: anna });
  await eventually(async () => ((await entryOf(requested)).state === 'authorised' ? true : undefined));
  return requested;
}

const entryOf = ({ consentId }: Requested): Promise<LedgerEntry> => world.ledger.entryOfConsent(consentId);

/** How often the redemption has happened, by each of its traces. */
async function traces({ consentId }: Requested): Promise<unknown> {
  const sql = `select (select count(*)::int from backchannel_request where consent_id = $1 and redeemed_at is not null) as requests,
                      (select count(*)::int from access_token where consent_id = $1) as tokens,
                      (select count(*)::int from evidence_attachment a join evidence e on e.id = a.evidence_id
                        where e.consent_id = $1 and a.kind = 'request-object') as attachments,
                      (select count(*)::int from audit_event where subject like '%' || $1::text
                        and event::jsonb ->> 'type' = 'token.issued') as events`;
  return (await world.database.asOwner(sql, [consentId]))[0];
}

const all = (times: number): unknown => ({ requests: times, tokens: times, attachments: times, events: times });

/** The first instance alone redeems, waits for what is held, and is killed. */
async function killRedeeming(requested: Requested, hold: Hold): Promise<void> {
  const [first, second] = world.instances;
  if (!first || !second) throw new Error('there are two instances');
  world.balancer.serveBy(first);
  const polling = tpp.poll(requested).catch((error: unknown) => error);
  await hold.untilBlocked();
  await first.kill();
  world.balancer.serveBy(second);
  await polling;
}

describe('two instances', () => {
  it('give one token of 50 that are asked for at once', async () => {
    const requested = await authorised();
    const answers = await Promise.all(Array.from({ length: 50 }, () => tpp.poll(requested)));
    const refused = answers.filter(({ status }) => status !== 200).map(({ body }: RawAnswer) => body['error']);
    expect(refused).toEqual(Array.from({ length: 49 }, () => 'invalid_grant'));
    expect(await traces(requested)).toEqual(all(1));
  });

  it('share the interval of a client that asks now here, now there', async () => {
    const requested = await tpp.request({ login_hint: undefined });
    const errors: unknown[] = [];
    for (const instance of world.instances) {
      world.balancer.serveBy(instance);
      errors.push((await tpp.poll(requested)).body['error']);
    }
    expect(errors).toEqual(['authorization_pending', 'slow_down']);
    await tpp.call(requested, 'DELETE');
  });
});

describe('an instance that is killed as it gives a token', () => {
  it('has given none, if it had not committed: the client fetches it from another one', async () => {
    const requested = await authorised();
    const hold = await Hold.audit(world.database, (await entryOf(requested)).subject);
    await killRedeeming(requested, hold);
    await hold.untilReleased();
    await hold.release();
    expect(await traces(requested)).toEqual(all(0));
    expect((await tpp.poll(requested)).status).toBe(200);
    expect(await traces(requested)).toEqual(all(1));
  });

  it('has given one, if it had: the answer is lost, nobody else gets it, and nothing is revoked', async () => {
    const requested = await authorised();
    const hold = await Hold.commit(world.database);
    await killRedeeming(requested, hold);
    await hold.release();
    await eventually(async () => ((await entryOf(requested)).tokens === 1 ? true : undefined));
    expect((await tpp.poll(requested)).body).toMatchObject({ error: 'invalid_grant' });
    expect(await traces(requested)).toEqual(all(1));
    expect(await entryOf(requested)).toMatchObject({ state: 'authorised', liveTokens: 1 });
  });
});
