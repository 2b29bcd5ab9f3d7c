import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readFileWithMode } from '../../../src/config/load-config.ts';
import { parseConfig } from '../../../src/config/parse-config.ts';
import { checkDatabase, migrate } from '../../../src/database/open-database.ts';
import { ConfigFixture } from '../../support/config/config-fixture.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database/database.ts';

const main = fileURLToPath(new URL('../../../build/src/main.js', import.meta.url));

let fixture: ConfigFixture;
let database: TestDatabase;

beforeAll(async () => {
  [fixture, database] = await Promise.all([ConfigFixture.create(), createTestDatabase()]);
});

afterAll(async () => {
  await database.close();
  fixture.remove();
});

/** Starts the built service with exactly this environment; it must end by itself. */
function start(env: Record<string, string | undefined>): { readonly status: number | null; readonly stderr: string } {
  return spawnSync(process.execPath, [main], {
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8',
    timeout: 30_000,
  });
}

describe('the service as a process', () => {
  it('is built before these tests run', () => {
    expect(existsSync(main)).toBe(true);
  });

  it('does not start with nothing configured, and says all that is missing', () => {
    const { status, stderr } = start({});
    expect(status).not.toBe(0);
    for (const name of ['SIGILL_ENV', 'ISSUER', 'DATABASE_URL', 'BANKID_URL', 'EVIDENCE_KEY_FILE', 'CLIENTS_FILE']) {
      expect(stderr).toContain(name);
    }
  });

  it('does not start in bankid-test with what the sandbox generated', () => {
    const env = {
      ...fixture.sandbox,
      DATABASE_URL: database.url,
      METRICS_PORT: '0',
      PORT: '0',
      CLIENTS_FILE: clients(),
    };
    const asTest = start({ ...env, SIGILL_ENV: 'bankid-test' });
    expect(asTest.status).not.toBe(0);
    expect(asTest.stderr).toContain('generated for the sandbox');
  });
});

describe('a database', () => {
  it('is refused by a service of another environment', async () => {
    await expect(checkDatabase(database.source, 'sandbox')).resolves.toBeUndefined();
    for (const environment of ['bankid-test', 'production'] as const) {
      await expect(checkDatabase(database.source, environment)).rejects.toThrow(/belongs to the environment sandbox/);
    }
  });

  it('is refused by a migration of another environment, and keeps its own', async () => {
    await expect(migrate(database.ownerUrl, 'production')).rejects.toThrow(/belongs to the environment sandbox/);
    await expect(checkDatabase(database.source, 'sandbox')).resolves.toBeUndefined();
  });

  it('of another environment is not touched by a migration, not even brought up to date', async () => {
    const newest = `(select name from typeorm_migration order by id desc limit 1)`;
    const [forgotten] = await database.asOwner(
      `delete from typeorm_migration where name = ${newest} returning name, timestamp`,
    );
    await expect(migrate(database.ownerUrl, 'production')).rejects.toThrow(/belongs to the environment sandbox/);
    await database.asOwner('insert into typeorm_migration (name, timestamp) values ($1, $2)', [
      forgotten?.['name'],
      forgotten?.['timestamp'],
    ]);
    await expect(checkDatabase(database.source, 'sandbox')).resolves.toBeUndefined();
  });

  it('is refused to a login that could destroy data keys', async () => {
    await database.asOwner('grant delete on data_key to sigill_app');
    await expect(checkDatabase(database.source, 'sandbox')).rejects.toThrow(/can change evidence/);
    await database.asOwner('revoke delete on data_key from sigill_app');
  });

  it('is refused when half of the record of claimed proofs would outlive a crash', async () => {
    await database.asOwner('alter table claim_record set logged');
    await expect(checkDatabase(database.source, 'sandbox')).rejects.toThrow(/must both be unlogged/);
    await database.asOwner('alter table claim_record set unlogged');
    await expect(checkDatabase(database.source, 'sandbox')).resolves.toBeUndefined();
  });
});

it('is parsed the same way by sandbox, tests and production', () => {
  const config = parseConfig({ ...fixture.sandbox, DATABASE_URL: database.url }, readFileWithMode, () => undefined);
  expect(config.database.url.reveal()).toBe(database.url);
});

function clients(): string {
  return fixture.file('no-clients.json', '[]');
}
