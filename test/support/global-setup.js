// Runs as plain JavaScript: jest gives a global setup no ES modules through its transforms, so Node itself reads the TypeScript below.
import { mkdirSync, mkdtempSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../../sandbox/embedded-postgres.ts';
import { migrate } from '../../src/platform/open-database.ts';

/** One PostgreSQL for the whole run, with a migrated template from which each suite makes its own database. */
export default async function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'sigill-test-'));
  chmodSync(folder, 0o755);
  const server = await startPostgres({ folder: join(folder, 'postgres'), durable: false, maxConnections: 300 });
  const password = 'service-of-the-test-run';
  const client = new pg.Client({ connectionString: server.url('postgres') });
  await client.connect();
  await client.query('create database sigill_template');
  await migrate(server.url('sigill_template'), 'sandbox');
  await client.query(`create role sigill_service login password '${password}' in role sigill_app`);
  await client.query(`create role sigill_erasing login password '${password}' in role sigill_eraser`);
  await client.end();
  process.env.SIGILL_TEST_LOGS = join(folder, 'logs');
  mkdirSync(process.env.SIGILL_TEST_LOGS);
  process.env.SIGILL_TEST_POSTGRES = JSON.stringify({ port: server.port, owner: server.url('DATABASE'), password });
  globalThis.sigillTestServer = { server, folder };
}
