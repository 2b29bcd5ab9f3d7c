import { Logger } from '@nestjs/common';
import { Announcements } from '../../src/database/announcements.ts';
import { Database } from '../../src/database/database.ts';
import { openPool } from '../../src/database/open-database.ts';
import { Metrics } from '../../src/operations/metrics.ts';
import { Workers } from '../../src/operations/workers.ts';
import { Undo } from '../../sandbox/undo.ts';
import { createTestDatabase, type TestDatabase } from '../support/database/database.ts';
import { eventually } from '../support/eventually.ts';
import { PretendPooler } from '../support/database/pretend-pooler.ts';

/** Longer than any test: what ends before was told. */
const LONG_MS = 60_000;

let database: TestDatabase;
const undo = new Undo();

beforeAll(async () => {
  // That a connection was lost is said in the log.
  Logger.overrideLogger(false);
  database = await createTestDatabase();
});
afterEach(() => undo.all());
afterAll(() => database.close());

interface Instance {
  readonly announcements: Announcements;
  readonly metrics: Metrics;
}

/** What an instance has of announcements, on a pool of its own. */
async function startInstance(url = database.url): Promise<Instance> {
  const source = await openPool(url, 2);
  undo.later(() => source.destroy());
  const metrics = new Metrics();
  const workers = new Workers({ workers: false });
  const announcements = new Announcements(new Database(source), metrics, workers);
  workers.onApplicationBootstrap();
  undo.later(async () => {
    announcements.onModuleDestroy();
    await workers.beforeApplicationShutdown();
  });
  return { announcements, metrics };
}

function next({ announcements }: Instance, topic: string, ms = LONG_MS): Promise<boolean> {
  return announcements.next(topic, announcements.mark(), { ms, signal: new AbortController().signal });
}

async function listeners(): Promise<number> {
  const rows = await database.asOwner(
    `select pid from pg_stat_activity where datname = current_database() and query = 'listen sigill'`,
  );
  return rows.length;
}

/** It listens when something is first waited for. */
async function untilListening(instance: Instance): Promise<void> {
  const before = await listeners();
  void next(instance, 'nothing', 0);
  await eventually(async () => ((await listeners()) > before ? true : undefined));
}

describe('what one instance announces', () => {
  it('wakes those who wait for it in the others, and no others', async () => {
    const [one, other] = [await startInstance(), await startInstance()];
    await untilListening(other);
    const told = next(other, 'a');
    const notTold = next(other, 'b', 500);
    one.announcements.announce('a');
    expect([await told, await notTold]).toEqual([true, false]);
  });

  it('wakes them through a pooler that keeps a server connection for each of its own', async () => {
    const pooler = await PretendPooler.start(database.url, { mode: 'session' });
    undo.later(() => pooler.stop());
    const [one, other] = [await startInstance(), await startInstance(pooler.clientUrl)];
    await untilListening(other);
    const told = next(other, 'a');
    one.announcements.announce('a');
    expect(await told).toBe(true);
  });

  it('is not missed between the reading and the waiting', async () => {
    const one = await startInstance();
    const mark = one.announcements.mark();
    one.announcements.announce('a');
    const patience = { ms: LONG_MS, signal: new AbortController().signal };
    expect(await one.announcements.next('a', mark, patience)).toBe(true);
    expect(await one.announcements.next('b', mark, { ...patience, ms: 1 })).toBe(false);
  });

  it('is sent with what was announced while the last statement was under way', async () => {
    const [one, other] = [await startInstance(), await startInstance()];
    await untilListening(other);
    const told = Array.from({ length: 100 }, (_, number) => next(other, `topic ${number}`));
    for (let number = 0; number < 100; number += 1) one.announcements.announce(`topic ${number}`);
    expect(new Set(await Promise.all(told))).toEqual(new Set([true]));
    const sent = await one.metrics.readCounter('sigill_sql_statements_total', { route: 'worker announcements' });
    expect(sent).toBeLessThanOrEqual(2);
  });
});

describe('an instance', () => {
  it('opens no connection to listen on until something is waited for', async () => {
    const before = await listeners();
    const one = await startInstance();
    one.announcements.announce('a');
    await eventually(async () => {
      const sent = await one.metrics.readCounter('sigill_sql_statements_total', { route: 'worker announcements' });
      return sent === 1 ? true : undefined;
    });
    expect(await listeners()).toBe(before);
  });

  it('lets those who wait go when they hang up, and when it ends', async () => {
    const one = await startInstance();
    const gone = new AbortController();
    const left = one.announcements.next('a', one.announcements.mark(), { ms: LONG_MS, signal: gone.signal });
    gone.abort();
    expect(await left).toBe(false);
    const waiting = next(one, 'a');
    one.announcements.onModuleDestroy();
    expect([await waiting, await next(one, 'a')]).toEqual([false, false]);
  });

  it('has those who wait look for themselves while the database cannot be reached', async () => {
    const one = await startInstance();
    const pooler = await PretendPooler.start(database.url, { mode: 'session' });
    const other = await startInstance(pooler.clientUrl);
    await untilListening(other);
    const told = next(other, 'a');
    await pooler.stop();
    expect(await told).toBe(true);
    expect(await next(other, 'a')).toBe(true);
    expect(await next(one, 'a', 1)).toBe(false);
  });
});
