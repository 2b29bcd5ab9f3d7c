import { addMs } from '../../../src/kernel/clock.ts';
import { DatabaseUnavailableError } from '../../../src/database/database-errors.ts';
import { Database } from '../../../src/database/database.ts';
import { Metrics } from '../../../src/operations/metrics.ts';
import { openPool } from '../../../src/database/open-database.ts';
import { RateWindows, type RateLimit } from '../../../src/rates/rate-windows.ts';
import { Clients, type Client } from '../../../src/clients/clients.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database/database.ts';
import type { RawParties } from '../../support/parties/raw-parties.ts';
import { TestSystem } from '../../support/system/system.ts';

const limit: RateLimit = { name: 'trial', limit: 100, windowMs: 60_000 };
const TENTH = 10;

/** Of a minute; instances of one database have clocks of their own. */
const BEGINNING = new Date('2026-11-29T12:00:00Z');

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

class CountingDatabase extends Database {
  statements = 0;
  isAway = false;

  override query(...args: Parameters<Database['query']>): ReturnType<Database['query']> {
    this.statements += 1;
    if (this.isAway) return Promise.reject(new DatabaseUnavailableError(undefined));
    return super.query(...args);
  }
}

class Instance {
  now = BEGINNING;
  readonly #windows: RateWindows;

  private constructor(readonly connected: CountingDatabase) {
    this.#windows = new RateWindows(connected, { now: () => this.now }, new Metrics());
  }

  static async start(): Promise<Instance> {
    return new Instance(new CountingDatabase(await openPool(database.url, 4)));
  }

  stop(): Promise<void> {
    return this.connected.onApplicationShutdown();
  }

  /** Sends that many requests at once, and says how many are accepted. */
  async accepts(requests: number, caller: string): Promise<number> {
    const answers = await Promise.all(Array.from({ length: requests }, () => this.#windows.take(limit, caller)));
    return answers.filter((waitSeconds) => waitSeconds === undefined).length;
  }

  take(caller: string): Promise<number | undefined> {
    return this.#windows.take(limit, caller);
  }
}

let first: Instance;
let second: Instance;
beforeEach(async () => {
  [first, second] = await Promise.all([Instance.start(), Instance.start()]);
});
afterEach(async () => {
  await Promise.all([first.stop(), second.stop()]);
});

describe('two instances on one database', () => {
  it('share the window of a caller: together they let through the limit, and at most their credit of a tenth more', async () => {
    const rounds = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? first : second));
    let accepted = 0;
    for (const instance of rounds) accepted += await instance.accepts(13, 'shared');
    expect(accepted).toBeGreaterThanOrEqual(limit.limit);
    expect(accepted).toBeLessThanOrEqual(limit.limit + 2 * TENTH);
    expect(await first.accepts(50, 'another')).toBe(50);
  });

  it('never exceed it by a race of callers either', async () => {
    const raced = await Promise.all([first, second, first, second].map((instance) => instance.accepts(200, 'raced')));
    const accepted = raced.reduce((sum, n) => sum + n, 0);
    expect(accepted).toBeGreaterThanOrEqual(limit.limit);
    expect(accepted).toBeLessThanOrEqual(limit.limit + 2 * TENTH);
  });

  it('say when the next window begins, and then let through again', async () => {
    await first.accepts(200, 'patient');
    first.now = addMs(BEGINNING, 42_500);
    expect(await first.take('patient')).toBe(18);
    expect(await second.accepts(200, 'patient')).toBeLessThanOrEqual(TENTH);
    first.now = addMs(BEGINNING, 60_000);
    expect(await first.accepts(200, 'patient')).toBe(limit.limit);
  });

  it('begin anew after a crash, which empties the table', async () => {
    await first.accepts(200, 'crashed');
    expect(await second.accepts(200, 'crashed')).toBe(TENTH);
    const kept = `select relpersistence::text as kept from pg_class where oid = 'rate_window'::regclass`;
    expect(await database.asOwner(kept)).toEqual([{ kept: 'u' }]);
    await database.asOwner('truncate rate_window');
    const third = await Instance.start();
    expect(await third.accepts(200, 'crashed')).toBe(limit.limit);
    await third.stop();
  });
});

describe('an instance whose database is unavailable', () => {
  it('counts alone until the window ends, asks it no more, and then shares again', async () => {
    first.connected.isAway = true;
    expect(await first.accepts(300, 'lonely')).toBe(limit.limit);
    expect(await first.accepts(300, 'lonely')).toBe(0);
    expect(first.connected.statements).toBe(1);
    first.connected.isAway = false;
    first.now = addMs(BEGINNING, 60_000);
    second.now = first.now;
    expect(await first.accepts(300, 'lonely')).toBe(limit.limit);
    expect(await second.accepts(300, 'lonely')).toBe(TENTH);
  });
});

describe('what a limit costs', () => {
  it('is no statement below a tenth of it, and one for each tenth above', async () => {
    expect(await first.accepts(TENTH, 'thrifty')).toBe(TENTH);
    expect(first.connected.statements).toBe(0);
    expect(await first.accepts(300, 'thrifty')).toBe(limit.limit - TENTH);
    // Nine draws that are granted, one that is not; and old windows are deleted once.
    expect(first.connected.statements).toBeLessThanOrEqual(11);
    const before = first.connected.statements;
    expect(await first.accepts(500, 'thrifty')).toBe(0);
    expect(first.connected.statements).toBe(before);
  });

  it('is no row that stays', async () => {
    await first.accepts(50, 'gone');
    first.now = addMs(BEGINNING, 3_600_000);
    await first.accepts(50, 'later');
    expect(await database.asOwner('select window_start from rate_window')).toEqual([{ window_start: first.now }]);
  });

  it('is no address that can be read in the database', async () => {
    await first.accepts(50, '203.0.113.7');
    const rows = await database.asOwner('select rate_window::text as row from rate_window');
    expect(JSON.stringify(rows)).not.toContain('203.0.113');
  });
});

describe('a client', () => {
  let world: TestSystem;
  let parties: RawParties;
  beforeAll(async () => {
    world = await TestSystem.start();
    parties = world.raw;
  }, 60_000);
  afterAll(() => world.stop());

  /** As if its registration named this many requests a minute. */
  function registerRates(id: string, rates: Client['requestsPerMinute']): void {
    const client = world.system.app.get(Clients, { strict: false }).getClient(id);
    Object.assign(client, { requestsPerMinute: rates });
    world.clock.advance(60_000);
  }

  it('that pushes, redeems or introspects without end gets 429 in the form of OAuth, with the time to wait', async () => {
    const { tpp, bank } = parties;
    registerRates(tpp.id, { par: 5, token: 5 });
    registerRates(bank.id, { introspection: 5 });
    const requests = [
      () => tpp.postAs('/par', tpp.pushFields()),
      () => tpp.postAs('/token', { grant_type: 'authorization_code', code: 'x' }),
      () => bank.postAs('/introspect', { token: 'x' }),
    ];
    for (const request of requests) {
      const answers = [];
      for (let n = 0; n < 10; n += 1) answers.push(await request());
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused.length).toBeGreaterThanOrEqual(4);
      for (const { body, headers } of refused) {
        expect(body).toMatchObject({ error: 'temporarily_unavailable' });
        expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
        expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
      }
    }
    registerRates(tpp.id, undefined);
    registerRates(bank.id, undefined);
    expect((await requests[0]!()).status).toBe(201);
  });

  it('that verifies without end gets 429 as a problem document, and may go on with everything else', async () => {
    const { bank } = parties;
    registerRates(bank.id, { verification: 3 });
    const ask = async (path: string) =>
      bank.call(await bank.machineToken('evidence'), 'GET', path, { headers: { 'sigill-purpose': 'audit' } });
    const verification = '/evidence/00000000-0000-4000-8000-000000000000/verification';
    const statuses = [];
    for (let n = 0; n < 8; n += 1) statuses.push(await ask(verification));
    const refused = statuses.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(4);
    expect(refused[0]?.body).toMatchObject({ code: 'request.too-many' });
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await ask('/evidence/00000000-0000-4000-8000-000000000000')).status).toBe(404);
    registerRates(bank.id, undefined);
  });

  it('whose name another caller uses loses none of its requests by that', async () => {
    const { tpp } = parties;
    registerRates(tpp.id, { par: 5 });
    const forged = await tpp.assertion({ claims: { iss: 'another', sub: 'another' } });
    for (let n = 0; n < 20; n += 1) {
      const answer = await tpp.post('/par', { ...tpp.pushFields(), client_id: tpp.id, client_assertion: forged });
      expect([answer.status, answer.body['error']]).toEqual([401, 'invalid_client']);
    }
    expect((await tpp.postAs('/par', tpp.pushFields())).status).toBe(201);
    registerRates(tpp.id, undefined);
  });
});
