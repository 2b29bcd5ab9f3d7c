import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import pg, { type Client, type ClientBase, type Pool, type QueryConfig, type QueryResult } from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';
import { databaseErrorOf, DatabaseUnavailableError, DatabaseBusyError } from './database-errors.ts';
import { discardOutdatedPlans, preparedStatement } from './prepared-statement.ts';
import { keepInHand } from '../operations/current-request.ts';
import { countStatement } from '../operations/statement-count.ts';
import type { Row } from './rows.ts';
import type { Statement } from './statement.ts';

interface Result {
  readonly records: readonly Row[];
  readonly affected: number;
}

/**
 * `once`: PostgreSQL keeps the plan of a statement with the connection. `each-time`: for a list whose best plan depends on the
 * conditions that are given.
 */
export type Planning = 'once' | 'each-time';

/** Where a statement can be sent: the pool, or an open transaction. */
export interface Scope {
  query(sql: Statement, params: readonly unknown[], planning?: Planning): Promise<Result>;
}

/** One open transaction. Only {@link Database.inTransaction} makes it; a function that writes within it takes it as its first argument. */
export class Tx implements Scope {
  readonly #client: ClientBase;

  constructor(client: ClientBase) {
    this.#client = client;
  }

  async query(sql: Statement, params: readonly unknown[], planning: Planning = 'once'): Promise<Result> {
    countStatement();
    return send(this.#client, sql, params, planning);
  }
}

/** The pool. Statements sent to it directly commit at once. */
@Injectable()
export class Database implements Scope, OnApplicationShutdown {
  readonly #source: DataSource;

  constructor(source: DataSource) {
    this.#source = source;
  }

  async query(sql: Statement, params: readonly unknown[], planning: Planning = 'once'): Promise<Result> {
    countStatement();
    try {
      return await keepInHand(this.#withClient((client) => send(client, sql, params, planning)));
    } catch (error) {
      if (!discardOutdatedPlans(error)) throw error;
      return keepInHand(this.#withClient((client) => send(client, sql, params, planning)));
    }
  }

  /** Runs `work` in one transaction (read committed): all of it is committed or, if it throws, none. */
  async inTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const transaction = this.#withClient(async (client) => {
      await control(client, 'BEGIN');
      const result = await finish(client, work);
      await control(client, 'COMMIT');
      return result;
    });
    return keepInHand(transaction);
  }

  /** The driver's own connection: TypeORM manages the pool, but not single statements. */
  async #withClient<T>(work: (client: ClientBase) => Promise<T>): Promise<T> {
    const runner: QueryRunner = this.#source.createQueryRunner();
    try {
      return await work(await connect(runner));
    } finally {
      await runner.release();
    }
  }

  /** How many requests wait for a connection. */
  get waiting(): number {
    return this.#pool.waitingCount;
  }

  /** A new connection beside the pool with the same settings, not open yet. */
  newClient(): Client {
    return new pg.Client(this.#pool.options);
  }

  get #pool(): Pool {
    return (this.#source.driver as unknown as { readonly master: Pool }).master;
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.#source.isInitialized) await this.#source.destroy();
  }
}

/** All rows of `sql`, each read by `parseRow`. Columns are always listed by name in `sql`. */
export async function rows<T>(
  scope: Scope,
  sql: Statement,
  params: readonly unknown[],
  parseRow: (row: Row) => T,
  planning: Planning = 'once',
): Promise<T[]> {
  const { records } = await scope.query(sql, params, planning);
  return records.map(parseRow);
}

/** The only row of `sql`, or `undefined` if there is none. @throws if there are several, which is a bug */
export async function maybeRow<T>(
  scope: Scope,
  sql: Statement,
  params: readonly unknown[],
  parseRow: (row: Row) => T,
): Promise<T | undefined> {
  const { records } = await scope.query(sql, params);
  if (records.length > 1) throw new TypeError('a statement for one row returned several');
  const [record] = records;
  return record && parseRow(record);
}

/** Runs `sql` and returns the number of affected rows. */
export async function execute(scope: Scope, sql: Statement, params: readonly unknown[]): Promise<number> {
  const { affected } = await scope.query(sql, params);
  return affected;
}

async function connect(runner: QueryRunner): Promise<ClientBase> {
  try {
    return (await runner.connect()) as ClientBase;
  } catch (error) {
    const known = databaseErrorOf(error);
    throw known instanceof DatabaseBusyError ? known : new DatabaseUnavailableError(error);
  }
}

async function finish<T>(client: ClientBase, work: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    return await work(new Tx(client));
  } catch (error) {
    discardOutdatedPlans(error);
    // The first error is the one worth reporting; a connection that cannot roll back is dropped with its transaction.
    await control(client, 'ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function control(client: ClientBase, verb: 'BEGIN' | 'COMMIT' | 'ROLLBACK'): Promise<void> {
  countStatement();
  await ask(client, { text: verb });
}

async function send(client: ClientBase, sql: string, params: readonly unknown[], planning: Planning): Promise<Result> {
  const statement = planning === 'once' ? preparedStatement(sql) : { text: sql };
  const { rows: records, rowCount } = await ask(client, { ...statement, values: [...params] });
  return { records, affected: rowCount ?? 0 };
}

async function ask(client: ClientBase, query: QueryConfig): Promise<QueryResult<Row>> {
  try {
    return await client.query<Row>(query);
  } catch (error) {
    throw databaseErrorOf(error);
  }
}
