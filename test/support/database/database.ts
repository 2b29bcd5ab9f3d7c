import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { Secret } from '../../../src/kernel/secret.ts';
import type { KeyRing } from '../../../src/config/key-ring.ts';
import { Database } from '../../../src/database/database.ts';
import { Envelope } from '../../../src/vault/envelope.ts';
import { openPool } from '../../../src/database/open-database.ts';
import type { Statement } from '../../../src/database/statement.ts';

type Row = Record<string, unknown>;

export interface TestDatabase {
  readonly name: string;
  /** As the service logs in: member of sigill_app only. */
  readonly url: string;
  /** As the owner, who migrates and may do what no service may. */
  readonly ownerUrl: string;
  /** As the eraser's login. */
  readonly eraserUrl: string;
  /** As the login of a second person, who decides about requests. */
  readonly approverUrl: string;
  readonly database: Database;
  readonly source: DataSource;
  /** Runs one statement as the owner. */
  asOwner(sql: string, params?: unknown[]): Promise<Row[]>;
  /** Closes the pool and drops the database. */
  close(): Promise<void>;
}

/** A fresh, migrated database of its own for one suite. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { port, owner, password } = JSON.parse(process.env['SIGILL_TEST_POSTGRES'] ?? '{}') as Record<string, string>;
  if (!port || !owner) throw new Error('no test server: run this suite in the project "system"');
  const name = `t_${randomBytes(8).toString('hex')}`;
  await queryOnce(
    owner.replace('DATABASE', 'postgres'),
    `create database ${name} template sigill_template strategy file_copy`,
  );
  const login = (role: string): string => `postgresql://${role}:${password ?? ''}@127.0.0.1:${port}/${name}`;
  const ownerUrl = owner.replace('DATABASE', name);
  const source = await openPool(login('sigill_service'), 10);
  const reader = new pg.Pool({ connectionString: ownerUrl, max: 2, allowExitOnIdle: true });
  reader.on('error', () => undefined); // its server may be stopped by a test
  return {
    name,
    url: login('sigill_service'),
    ownerUrl,
    eraserUrl: login('sigill_erasing'),
    approverUrl: login('sigill_second'),
    database: new Database(source),
    source,
    asOwner: async (sql, params = []) =>
      isPlainRead(sql) ? (await reader.query<Row>(sql, params)).rows : queryOnce(ownerUrl, sql, params),
    close: async () => {
      await reader.end();
      if (source.isInitialized) await source.destroy();
      await queryOnce(owner.replace('DATABASE', 'postgres'), `drop database ${name} with (force)`);
    },
  };
}

/** SQL that a test sends as the service would, and that the service never sends. */
export function unlisted(sql: string): Statement {
  return sql as Statement;
}

/** An envelope with fresh keys. */
export function createTestEnvelope(): Envelope {
  return new Envelope(createKeyRing(), createKeyRing(), createKeyRing());
}

export function createKeyRing(): KeyRing {
  return { current: 'k1', keys: new Map([['k1', new Secret<Uint8Array>(randomBytes(32))]]) };
}

/** It leaves nothing behind in its connection, so that need not be a new one. */
function isPlainRead(sql: string): boolean {
  return /^\s*select\s(?!.*;)/is.test(sql);
}

/** One statement in a connection of its own. @param url with the login that sends it */
export async function queryOnce(url: string, sql: string, params: readonly unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query<Row>(sql, [...params]);
    return result.rows;
  } finally {
    await client.end();
  }
}
