import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { DataSource, QueryRunner } from 'typeorm';
import { countStatement } from './statement-count.ts';
import type { Row } from './rows.ts';

interface Result {
  readonly records: readonly Row[];
  readonly affected: number;
}

/** Anything that a statement can be sent to: the pool, or one open transaction. */
export interface Scope {
  query(sql: string, params: readonly unknown[]): Promise<Result>;
}

/** One open transaction. Only {@link Database.inTransaction} makes it; whoever writes within it takes it as first argument. */
export class Tx implements Scope {
  readonly #runner: QueryRunner;

  constructor(runner: QueryRunner) {
    this.#runner = runner;
  }

  async query(sql: string, params: readonly unknown[]): Promise<Result> {
    return send(this.#runner, sql, params);
  }
}

/** The pool. Statements sent to it directly commit at once. */
@Injectable()
export class Database implements Scope, OnApplicationShutdown {
  readonly #source: DataSource;

  constructor(source: DataSource) {
    this.#source = source;
  }

  async query(sql: string, params: readonly unknown[]): Promise<Result> {
    const runner = this.#source.createQueryRunner();
    try {
      return await send(runner, sql, params);
    } finally {
      await runner.release();
    }
  }

  /** Runs `work` in one transaction (read committed): all of it is committed, or, when it throws, none. */
  async inTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const runner = this.#source.createQueryRunner();
    try {
      await send(runner, 'BEGIN', []);
      const result = await finish(runner, work);
      await send(runner, 'COMMIT', []);
      return result;
    } finally {
      await runner.release();
    }
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.#source.isInitialized) await this.#source.destroy();
  }
}

/** All rows of `sql`, each read by `parseRow`. Columns are always listed by name in `sql`. */
export async function rows<T>(
  scope: Scope,
  sql: string,
  params: readonly unknown[],
  parseRow: (row: Row) => T,
): Promise<T[]> {
  const { records } = await scope.query(sql, params);
  return records.map(parseRow);
}

/** The one row of `sql`, or `undefined` when there is none. @throws when there are several: that is a bug */
export async function maybeRow<T>(
  scope: Scope,
  sql: string,
  params: readonly unknown[],
  parseRow: (row: Row) => T,
): Promise<T | undefined> {
  const { records } = await scope.query(sql, params);
  if (records.length > 1) throw new TypeError('more than one row');
  const [record] = records;
  return record && parseRow(record);
}

/** Runs `sql` and says how many rows it touched. */
export async function execute(scope: Scope, sql: string, params: readonly unknown[]): Promise<number> {
  const { affected } = await scope.query(sql, params);
  return affected;
}

async function finish<T>(runner: QueryRunner, work: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    return await work(new Tx(runner));
  } catch (error) {
    // The first error is the one worth reporting; a connection that cannot roll back is dropped with its transaction.
    await send(runner, 'ROLLBACK', []).catch(() => undefined);
    throw error;
  }
}

async function send(runner: QueryRunner, sql: string, params: readonly unknown[]): Promise<Result> {
  countStatement(sql);
  const result = await runner.query(sql, [...params], true);
  return { records: result.records as readonly Row[], affected: result.affected ?? 0 };
}
