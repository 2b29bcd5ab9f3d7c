import { eventually } from '../../support/eventually.ts';
import { Hold, holdCommitsOf } from '../../support/database/hold.ts';
import { findLeaks, type LedgerEntry } from '../../support/database/ledger.ts';
import { BackchannelClient, requestedOf, type Requested } from '../../support/parties/backchannel-client.ts';
import { RawClient } from '../../support/parties/raw-client.ts';
import { ProcessSystem } from '../../support/system/process-system.ts';
import type { ServiceProcess } from '../../support/system/service-process.ts';
import { systemClock } from '../../../src/kernel/clock.ts';

const elsewhere = { deviceIp: '198.51.100.4', risk: 'moderate' };

let world: ProcessSystem;
let service: ServiceProcess;
let tpp: BackchannelClient;
const secrets: string[] = [];

beforeAll(async () => {
  world = await ProcessSystem.start(1);
  service = world.instances[0]!;
  const { appTpp } = world.clients;
  tpp = await BackchannelClient.create(await RawClient.create(appTpp, world.raw.tpp.issuer, systemClock), appTpp);
  await holdCommitsOf(world.database, 'consent', 'authorisation', 'signing_attempt');
});
afterAll(() => world.stop());
afterEach(async () => {
  await world.app.clearFaults();
  if (!service.isRunning) await restart();
  expect(await world.ledger.findFaults()).toEqual([]);
});

/** The leases of the dead process run out, and the service comes up again. */
async function restart(): Promise<void> {
  await world.ledger.passSeconds(31);
  await service.start();
}

/** Does `act` and kills the service when it waits for what is held. @param end what then becomes of the dead process's statement */
async function killWhile(hold: Hold, act: () => Promise<unknown>, end: 'committed' | 'given up'): Promise<void> {
  const acting = act().catch((error: unknown) => error);
  await hold.untilBlocked();
  await service.kill();
  if (end === 'given up') await hold.untilReleased();
  await hold.release();
  await acting;
}

/** No person is named, so that no earlier order stands in the way. */
const unbound = { login_hint: undefined };

async function ask(way: 'app' | 'qr'): Promise<Requested> {
  const requested = await tpp.request(way === 'app' ? { ...tpp.appClaims(), ...unbound } : unbound);
  secrets.push(requested.authReqId);
  return requested;
}

/** The order of an app, open in BankID. */
async function launch(requested: Requested): Promise<string> {
  const { body } = await tpp.call(requested, 'POST', '/launch');
  return (await world.app.open(new URL(String(body['url'])).searchParams.get('autostarttoken') ?? '')).id;
}

async function sendNonce(requested: Requested, returnUrl: string | undefined): Promise<number> {
  const nonce = new URL(returnUrl ?? '').searchParams.get('sigill_nonce');
  secrets.push(String(nonce));
  return (await tpp.call(requested, 'POST', '/return', { body: { nonce } })).status;
}

function until({ consentId }: Requested, state: string): Promise<LedgerEntry> {
  return eventually(async () => {
    const entry = await world.ledger.entryOfConsent(consentId);
    return entry.state === state ? entry : undefined;
  });
}

/** The client gets its token, once. */
async function getsToken(requested: Requested): Promise<void> {
  await until(requested, 'authorised');
  const { status, body } = await tpp.poll(requested);
  expect([status, body['consent_id']]).toEqual([200, requested.consentId]);
  secrets.push(String(body['access_token']));
}

const consents = async (): Promise<number> => world.ledger.countConsents();

describe('a request during which the service was killed', () => {
  it('left nothing behind before it was stored, and may be sent again', async () => {
    const before = await consents();
    const [request, key] = [await tpp.sign({ claims: unbound }), await tpp.newKey()];
    const hold = await Hold.take(world.database, 'lock table backchannel_request in exclusive mode');
    await killWhile(hold, () => tpp.send(request, key), 'given up');
    expect(await consents()).toBe(before);
    await restart();
    const requested = requestedOf(await tpp.send(request, key), key);
    expect(await world.ledger.entryOfConsent(requested.consentId)).toMatchObject({ state: 'awaiting-authorisation' });
  });

  it('ends where it was stored and BankID was never asked, and is answered alike when it is sent again', async () => {
    const [request, key, headers] = [
      await tpp.sign({ claims: unbound }),
      await tpp.newKey(),
      { 'idempotency-key': 'k1' },
    ];
    const before = await consents();
    await killWhile(await Hold.commit(world.database), () => tpp.send(request, key, headers), 'committed');
    await eventually(async () => (await consents()) > before || undefined);
    await service.start();
    const requested = requestedOf(await tpp.send(request, key, headers), key);
    expect((await tpp.poll(requested)).body).toMatchObject({ error: 'authorization_pending' });
    await world.ledger.passSeconds(31);
    const entry = await until(requested, 'rejected');
    expect([entry.reason, entry.orders.map(({ state }) => state)]).toEqual(['order-failed', ['unknown']]);
    expect((await tpp.poll(requested)).body).toMatchObject({ error: 'access_denied' });
  });

  it('ends where BankID was being asked', async () => {
    await world.app.setFault({ next: 'request', endpoint: 'sign', kind: 'hang' });
    const before = await consents();
    const asking = tpp.request(unbound).catch((error: unknown) => error);
    await eventually(async () => (await consents()) > before || undefined);
    await service.kill();
    await asking;
    await world.app.clearFaults();
    await restart();
    const [row] = await world.database.asOwner('select id from consent order by created_at desc limit 1');
    const entry = await eventually(async () => {
      const found = await world.ledger.entryOfConsent(String(row?.['id']));
      return found.state === 'rejected' ? found : undefined;
    });
    expect(entry.reason).toBe('order-failed');
  });
});

describe('a payer who signs for an app', () => {
  it('has signed, also while the service is dead', async () => {
    const requested = await ask('app');
    const id = await launch(requested);
    await service.kill();
    const { returnUrl } = await world.app.sign(id, elsewhere);
    await restart();
    expect(await sendNonce(requested, returnUrl)).toBe(204);
    await getsToken(requested);
  });

  it('has signed, also where the service was killed when the app came back: it may say so again', async () => {
    const requested = await ask('app');
    const { subject } = await world.ledger.entryOfConsent(requested.consentId);
    const { returnUrl } = await world.app.sign(await launch(requested), elsewhere);
    await killWhile(await Hold.audit(world.database, subject), () => sendNonce(requested, returnUrl), 'given up');
    await restart();
    expect(await sendNonce(requested, returnUrl)).toBe(204);
    expect(await sendNonce(requested, returnUrl)).toBe(204);
    await getsToken(requested);
  });
});

describe('a payer whose request ended while the service was killed', () => {
  it('is not asked any longer: what was taken back is cancelled at BankID after the restart', async () => {
    const requested = await ask('app');
    const id = await launch(requested);
    await killWhile(await Hold.commit(world.database), () => tpp.call(requested, 'DELETE'), 'committed');
    await until(requested, 'revoked');
    await restart();
    await eventually(async () => (await world.app.getOrder(id)).status === 'cancelled' || undefined);
    expect((await tpp.poll(requested)).body).toMatchObject({ error: 'access_denied' });
  });

  it('has declined, which is settled after the restart', async () => {
    const requested = await ask('app');
    const id = await launch(requested);
    await service.kill();
    await world.app.cancel(id);
    await restart();
    expect((await until(requested, 'rejected')).reason).toBe('declined');
    expect((await tpp.poll(requested)).body).toMatchObject({ error: 'access_denied' });
  });
});

it('leaves neither personal number nor secret in any log line of its many lives', () => {
  expect(service.log).toContain('"level":"info"');
  expect(findLeaks(service.log, secrets)).toEqual([]);
});
