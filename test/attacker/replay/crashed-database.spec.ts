import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Workers } from '../../../src/operations/workers.ts';
import { addMs, SECOND_MS } from '../../../src/kernel/clock.ts';
import { Database } from '../../../src/database/database.ts';
import { migrate, openPool } from '../../../src/database/open-database.ts';
import { ClaimRecord } from '../../../src/client-auth/replay/claim-record.ts';
import { Replay, replayEntry, type ReplayEntry } from '../../../src/client-auth/replay.ts';
import { startPostgres, type EmbeddedPostgres } from '../../../sandbox/embedded-postgres.ts';
import { Undo } from '../../../sandbox/undo.ts';
import { crash } from '../../support/database/crash.ts';
import { MovableClock } from '../../support/system/movable-clock.ts';

const undo = new Undo();
const clock = new MovableClock();
let folder: string;
let server: EmbeddedPostgres;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sigill-crash-'));
  chmodSync(folder, 0o755);
  undo.later(() => rmSync(folder, { recursive: true, force: true }));
  undo.later(() => server.stop());
  await start();
  await migrate(server.url('postgres'), 'sandbox');
  await asOwner(`create role sigill_service login password 'service' in role sigill_app`);
}, 60_000);
afterAll(() => undo.all());

/** Durable, as in production: what it loses, it is meant to lose. */
async function start(): Promise<void> {
  server = await startPostgres({ folder: join(folder, 'postgres'), durable: true });
}

async function asOwner<T extends pg.QueryResultRow>(sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: server.url('postgres') });
  await client.connect();
  client.on('error', () => undefined); // its server may be killed under it
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The service's own login on the server as it is now. */
async function withRecord<T>(work: (claim: (entry: ReplayEntry) => Promise<string>) => Promise<T>): Promise<T> {
  const source = await openPool(server.url('postgres').replace(/postgres:[^@]*@/, 'sigill_service:service@'), 2);
  const database = new Database(source);
  const record = new ClaimRecord(database, clock, new Workers({ workers: false }));
  const replay = new Replay(database, record);
  const claim = (entry: ReplayEntry): Promise<string> =>
    replay.claim(entry).then(
      () => 'claimed',
      (error: unknown) => (error as { code: string }).code,
    );
  try {
    return await work(claim);
  } finally {
    await source.destroy();
  }
}

function proof(): ReplayEntry {
  const now = clock.now();
  return replayEntry('dpop', 'thumbprint', randomUUID(), {
    from: addMs(now, -30 * SECOND_MS),
    until: addMs(now, 60 * SECOND_MS),
  });
}

describe('which proofs were claimed', () => {
  const claimed = proof();

  it('is known from the first moment of a new installation', async () => {
    await withRecord(async (claim) => {
      expect(await claim(claimed)).toBe('claimed');
      expect(await claim(claimed)).toBe('dpop.replayed');
    });
  });

  it('is still known after an orderly restart', async () => {
    await server.stop();
    await start();
    await withRecord(async (claim) => {
      expect(await claim(claimed)).toBe('dpop.replayed');
      expect(await claim(proof())).toBe('claimed');
    });
  }, 60_000);

  it('is lost in a crash, and no proof from before it is ever accepted', async () => {
    await crash(asOwner);
    expect(await asOwner('select from claimed_proof')).toEqual([]);
    const before = proof();
    await withRecord(async (claim) => {
      expect([await claim(claimed), await claim(before)]).toEqual(['service.unavailable', 'service.unavailable']);
      clock.advance(41 * SECOND_MS);
      const after = proof();
      expect([await claim(after), await claim(after)]).toEqual(['claimed', 'dpop.replayed']);
      expect([await claim(claimed), await claim(before)]).toEqual(['service.unavailable', 'service.unavailable']);
    });
  }, 60_000);
});
