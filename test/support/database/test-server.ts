import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres, type EmbeddedPostgres } from '../../../sandbox/embedded-postgres.ts';
import { migrate } from '../../../src/database/open-database.ts';

export interface TestServer {
  readonly server: EmbeddedPostgres;
  /** Its own, to be removed when the server is stopped. */
  readonly folder: string;
  /** What `createTestDatabase` reads from the environment variable SIGILL_TEST_POSTGRES. */
  readonly access: string;
}

/**
 * A PostgreSQL with the logins of a test run and a migrated template, from which each suite makes its own database.
 * @param durable whether it writes ahead to disk, as in production; without, tests are faster
 */
export async function startTestServer(durable: boolean): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'sigill-test-'));
  chmodSync(folder, 0o755);
  const server = await startPostgres({ folder: join(folder, 'postgres'), durable, maxConnections: 300 });
  const password = 'service-of-the-test-run';
  const client = new pg.Client({ connectionString: server.url('postgres') });
  await client.connect();
  await client.query('create database sigill_template');
  await migrate(server.url('sigill_template'), 'sandbox');
  await client.query(`create role sigill_service login password '${password}' in role sigill_app`);
  await client.query(`create role sigill_erasing login password '${password}' in role sigill_eraser`);
  await client.query(`create role sigill_second login password '${password}' in role sigill_approver`);
  await client.end();
  return { server, folder, access: JSON.stringify({ port: server.port, owner: server.url('DATABASE'), password }) };
}
