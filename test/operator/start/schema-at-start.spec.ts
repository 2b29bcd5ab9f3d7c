import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startDatabase } from '../../../sandbox/database.ts';
import { freePort } from '../../../sandbox/free-port.ts';
import type { Environment } from '../../../src/kernel/environment.ts';
import { migrationNames } from '../../../migrations/migrations.ts';
import { checkDatabase, migrate } from '../../../src/database/open-database.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database/database.ts';
import { SandboxRun } from '../../support/commands/sandbox-run.ts';

const MADE_EARLIER = 'the database was made by an earlier build: begin with an empty one';
const FRESH = '(in the sandbox: npm start -- --fresh)';

/** What an earlier build left: its migrations were numbered from another time. */
const RENAME = `update typeorm_migration set timestamp = timestamp - 6e9,
                       name = regexp_replace(name, '\\d{13}$', (timestamp - 6e9::bigint)::text)`;

describe('a database that an earlier build made', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await database.asOwner(RENAME);
  });
  afterAll(() => database.close());

  it('is refused by the service, which says how to go on', async () => {
    await expect(checkDatabase(database.source, 'sandbox')).rejects.toThrow(`${MADE_EARLIER} ${FRESH}`);
  });

  it('is refused by a migration, and nothing in it is changed', async () => {
    const read = (): Promise<unknown> => database.asOwner('select * from typeorm_migration order by id');
    const before = await read();
    await expect(migrate(database.ownerUrl, 'sandbox')).rejects.toThrow(`${MADE_EARLIER} ${FRESH}`);
    expect(await read()).toEqual(before);
  });

  it('is still refused as another environment by a migration of another one', async () => {
    await expect(migrate(database.ownerUrl, 'production')).rejects.toThrow(/belongs to the environment sandbox/);
  });
});

describe('a database that a later build made', () => {
  it('is refused by the service for being newer', async () => {
    const database = await createTestDatabase();
    await database.asOwner(
      `insert into typeorm_migration (timestamp, name)
       select max(timestamp) + 9999, 'new' || max(timestamp) + 9999 from typeorm_migration`,
    );
    await expect(checkDatabase(database.source, 'sandbox')).rejects.toThrow(/is newer than this program/);
    await database.close();
  });
});

describe('a sandbox whose data an earlier build made', () => {
  it('does not start, and says how to go on', async () => {
    const temporary = mkdtempSync(join(tmpdir(), 'sigill-earlier-'));
    chmodSync(temporary, 0o755);
    const base = String(await freePort());
    const start = (): SandboxRun => new SandboxRun(['--port', base], { env: { TMPDIR: temporary } });
    try {
      const first = start();
      await first.until('Building'); // then its folder is there
      await first.interrupt();
      const folder = readdirSync(temporary).find((name) => name.startsWith('sigill-sandbox')) ?? '';
      await makeEarlier(join(temporary, folder, base));
      const refused = start();
      expect(await refused.ended()).toBe(1);
      expect(refused.printed).toContain(`The sandbox does not start: ${MADE_EARLIER} ${FRESH}\n`);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  }, 120_000);
});

describe('an empty database', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase();
    await database.asOwner('drop schema public cascade');
    await database.asOwner('create schema public');
  });
  afterEach(() => database.close());

  it('says which environment it is of as soon as it has tables', async () => {
    expect(await migrate(database.ownerUrl, 'production')).toEqual(migrationNames());
    expect(await database.asOwner('select environment from installation')).toEqual([{ environment: 'production' }]);
    await expect(migrate(database.ownerUrl, 'sandbox')).rejects.toThrow(/belongs to the environment production/);
  });

  it('is refused by the service, which says what to run', async () => {
    await expect(checkDatabase(database.source, 'sandbox')).rejects.toThrow(
      'the database is empty: run "sigill migrate"',
    );
  });

  it('has no table where the environment could not be written', async () => {
    await expect(migrate(database.ownerUrl, 'nowhere' as Environment)).rejects.toThrow(/environment/);
    expect(await database.asOwner(`select to_regclass('installation') as found`)).toEqual([{ found: null }]);
  });
});

/** The database of a sandbox as an earlier build would have left it in `folder`. */
async function makeEarlier(folder: string): Promise<void> {
  const database = await startDatabase(join(folder, 'postgres'), folder);
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query(RENAME);
  await owner.end();
  await database.stop();
}
