import { randomBytes } from 'node:crypto';
import { createApp } from '../../../src/app.ts';
import { Workers } from '../../../src/operations/workers.ts';
import type { AppConfig } from '../../../src/config/config.ts';
import { readFileWithMode } from '../../../src/config/load-config.ts';
import { parseConfig } from '../../../src/config/parse-config.ts';
import { LookupKeysInUse } from '../../../src/consent/store/lookup-keys-in-use.ts';
import { addMs, systemClock, type Clock } from '../../../src/kernel/clock.ts';
import type { KeyRing } from '../../../src/config/key-ring.ts';
import { Secret } from '../../../src/kernel/secret.ts';
import type { Scope } from '../../../src/database/database.ts';
import { findNamedKeys, NAMED_EVIDENCE_KEYS } from '../../../src/vault/key-ids.repository.ts';
import { KeyRings } from '../../../src/vault/key-rings.ts';
import { Metrics } from '../../../src/operations/metrics.ts';
import { parseClients } from '../../../src/clients/parse-clients.ts';
import { findLookupKeys } from '../../../src/token/par/idempotent-push.repository.ts';
import { ConfigFixture } from '../../support/config/config-fixture.ts';
import { anna, payment, TestSystem } from '../../support/system/system.ts';
import { tamper } from '../../support/database/tamper.ts';

const DAY_MS = 86_400_000;

let test: TestSystem;

beforeAll(async () => {
  test = await TestSystem.start();
});

afterAll(() => test.stop());

const ring = (...ids: string[]): KeyRing => ({
  current: ids[0] ?? '',
  keys: new Map(ids.map((id) => [id, new Secret<Uint8Array>(randomBytes(32))])),
});

/** What the service of an environment says at its start with these rings, on the rows of the running system. */
async function start(changes: Partial<AppConfig>, clock: Clock = test.clock): Promise<string> {
  const config = { environment: 'production', evidenceKeys: ring('k1'), lookupKeys: ring('k1'), ...changes };
  const { database } = test.database;
  const rings = new KeyRings(config as AppConfig, database, new Metrics(), new Workers({ workers: false }));
  new LookupKeysInUse(database, clock, rings);
  rings.watch('look-up', () => findLookupKeys(database, clock.now()));
  return rings.checkAtStart().then(
    () => 'starts',
    (error: unknown) => (error as Error).message,
  );
}

const wrapUnder = (kekId: string, count = 1): Promise<unknown> =>
  test.database.asOwner(
    `insert into data_key (key_id, subject, kek_id, wrapped)
     select gen_random_uuid(), 'test:' || $1 || ':' || n, $1, '' from generate_series(1, $2) n`,
    [kekId, count],
  );

describe('a service whose evidence ring lacks a key', () => {
  it('starts while no data key names it, and refuses when one in a hundred does, by its name', async () => {
    await wrapUnder('k1', 99);
    expect(await start({})).toBe('starts');
    await wrapUnder('k0');
    expect(await start({})).toMatch(/^the evidence ring lacks k0 \(EVIDENCE_KEY_FILE\): [^.]*keys\.md$/);
    expect(await start({ environment: 'bankid-test', evidenceKeys: ring('k2') })).toContain('lacks k0, k1 (');
    await test.database.asOwner(`delete from data_key where kek_id = 'k0'`);
    expect(await start({})).toBe('starts');
  });

  it('starts as a sandbox, whose keys come and go', async () => {
    expect(await start({ environment: 'sandbox', evidenceKeys: ring('k2') })).toBe('starts');
  });

  it('starts where the operator has declared the key lost', async () => {
    expect(await start({ evidenceKeys: { ...ring('k2'), lost: new Set(['k1']) } })).toBe('starts');
  });

  it('has looked before anything of it runs', async () => {
    const fixture = await ConfigFixture.create();
    await wrapUnder('k0');
    const parsed = parseConfig({ ...fixture.sandbox, DATABASE_URL: test.database.url }, readFileWithMode, parseClients);
    const app = await createApp({ config: { ...parsed, logLevel: 'silent' } });
    try {
      expect(app.get(KeyRings).incomplete()).toEqual(['evidence']);
    } finally {
      await app.close();
      fixture.remove();
      await test.database.asOwner(`delete from data_key where kek_id = 'k0'`);
    }
  });
});

describe('a running service', () => {
  const ready = async (): Promise<{ readonly status: number; readonly body: unknown; readonly text: string }> => {
    const answer = await fetch(`${test.system.issuer}/health/ready`);
    const text = await answer.text();
    return { status: answer.status, body: JSON.parse(text), text };
  };

  it('turns unready and names the ring, and asks no table for it', async () => {
    expect(await ready()).toMatchObject({ status: 200, body: { details: { keys: { status: 'up' } } } });
    await wrapUnder('k-gone');
    await test.system.app.get(KeyRings).check();
    const down = await ready();
    expect(down).toMatchObject({ status: 503, body: { error: { keys: { status: 'down', rings: ['evidence'] } } } });
    expect(down.text).not.toContain('k-gone');
    await test.database.asOwner(`delete from data_key where kek_id = 'k-gone'`);
    // As of the last minute: a probe asks no table.
    expect(await ready()).toMatchObject({ status: 503 });
    await test.system.app.get(KeyRings).check();
    expect(await ready()).toMatchObject({ status: 200 });
  });
});

describe('a service whose look-up ring lacks a key', () => {
  const lacking = { lookupKeys: ring('k2') };

  it('refuses as long as a push may be repeated, an attempt counts, or evidence is kept', async () => {
    expect(await start(lacking)).toBe('starts');
    const { token } = await test.signedPayment();
    const refused =
      'the look-up ring lacks k1 (LOOKUP_KEY_FILE): stored rows name what is missing, see docs/runbooks/keys.md';
    expect(await start(lacking)).toBe(refused);
    const use = { accessToken: token.accessToken, payment, personalNumber: anna, paymentReference: 'reference-1' };
    expect((await test.bank.consume(token.consentId, use)).status).toBe(200);
    const later = (days: number): Clock => ({ now: () => addMs(systemClock.now(), days * DAY_MS) });
    expect(await start(lacking, later(7 * 365))).toBe(refused);
    expect(await start(lacking, later(9 * 365))).toBe('starts');
  });

  it('counts every kind of row by itself', async () => {
    const keyed = (id: string): Buffer => Buffer.concat([Buffer.from([id.length]), Buffer.from(id), randomBytes(32)]);
    const found = (): Promise<string> => start({ lookupKeys: ring('k1') });
    expect(await found()).toBe('starts');
    const insert = `insert into idempotent_push (key_hash, request_hash, consent_id, expires_at)
      select sha256('1'), $1, id, now() + interval '1 day' from consent limit 1`;
    await test.database.asOwner(insert, [keyed('push')]);
    expect(await found()).toContain('lacks push (');
    await test.database.asOwner('delete from idempotent_push');
    const attempt = `insert into signing_attempt (id, consent_id, client_id, bound_payer_hash, return_nonce_hash, started_at)
      select gen_random_uuid(), id, client_id, $1, sha256('1'), $2 from consent limit 1`;
    await test.database.asOwner(attempt, [keyed('attempt'), test.clock.now()]);
    expect(await found()).toContain('lacks attempt (');
    await tamper(test.database, 'signing_attempt', 'delete from signing_attempt');
    await tamper(
      test.database,
      'consent',
      'update consent set consume_request_hash = $1 where consume_request_hash is not null',
      [keyed('consumption')],
    );
    expect(await found()).toContain('lacks consumption (');
  });
});

describe('the question which keys are named', () => {
  it('takes one step in an index for each key, however many rows name it', async () => {
    await wrapUnder('a-key', 20_000);
    await wrapUnder('b-key', 20_000);
    await test.database.asOwner('vacuum analyze data_key');
    let read = 0;
    const explained: Scope = {
      query: async (sql) => {
        const [plan] = await test.database.asOwner(`explain (analyze, format json) ${sql}`);
        read = rowsRead((plan as { 'QUERY PLAN': { Plan: Node }[] })['QUERY PLAN'][0]!.Plan);
        return { records: [], affected: 0 };
      },
    };
    await findNamedKeys(explained, NAMED_EVIDENCE_KEYS);
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(20);
    const { database } = test.database;
    const named = await findNamedKeys(database, NAMED_EVIDENCE_KEYS);
    expect(named.map(({ keyId }) => keyId)).toEqual(expect.arrayContaining(['a-key', 'b-key', 'k1']));
  });
});

interface Node {
  readonly 'Node Type': string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly Plans?: readonly Node[];
}

/** By all scans of the plan that touch a table. */
function rowsRead(node: Node): number {
  const own = node['Node Type'].includes('Scan') ? node['Actual Rows'] * node['Actual Loops'] : 0;
  return (node.Plans ?? []).reduce((sum, plan) => sum + rowsRead(plan), own);
}
