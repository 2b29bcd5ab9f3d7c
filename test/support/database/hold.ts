import pg from 'pg';
import type { TestDatabase } from './database.ts';
import { eventually } from '../eventually.ts';

/** The audit chain's lock (migrations/0004_audit.sql): its holder stops a transaction at its audit event. */
const AUDIT_LOCK = 'select pg_advisory_xact_lock(hashtextextended($1, 7305))';
const COMMIT_LOCK = 7399;
const ANSWER_LOCK = 7398;

/**
 * A transaction of the owner that holds what the service needs next: it stops the service at one statement, without any
 * hook in the service.
 */
export class Hold {
  readonly #client: pg.Client;
  #releasing: Promise<void> | undefined;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  static async take(database: TestDatabase, sql: string, params: readonly unknown[] = []): Promise<Hold> {
    const client = new pg.Client({ connectionString: database.ownerUrl });
    await client.connect();
    await client.query('begin');
    await client.query(sql, [...params]);
    return new Hold(client);
  }

  /** Stops every transaction that appends to the subject's audit chain. */
  static audit(database: TestDatabase, subject: string): Promise<Hold> {
    return Hold.take(database, AUDIT_LOCK, [subject]);
  }

  /** Stops the COMMIT of every transaction that has written to a table that {@link holdCommitsOf} names. */
  static commit(database: TestDatabase): Promise<Hold> {
    return Hold.take(database, `select pg_advisory_xact_lock(${COMMIT_LOCK})`);
  }

  /** Stops the transaction that stores BankID's answer to this order; after {@link letAnswersBeHeld}. */
  static answer(database: TestDatabase, orderId: string): Promise<Hold> {
    return Hold.take(database, `select pg_advisory_xact_lock(hashtextextended($1, ${ANSWER_LOCK}))`, [orderId]);
  }

  /** Resolves when `count` statements wait for what is held. */
  untilBlocked(count = 1): Promise<void> {
    return this.#until((waiting) => waiting >= count, 'too few statements wait for what is held');
  }

  /** Resolves when no statement waits any more: PostgreSQL has noticed that a process is dead. */
  untilReleased(): Promise<void> {
    return this.#until((waiting) => waiting === 0, 'a statement still waits for what is held');
  }

  async #until(isSo: (waiting: number) => boolean, otherwise: string): Promise<void> {
    const sql =
      'select count(*)::int as waiting from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid))';
    const look = async (): Promise<true | undefined> => {
      // Statistics are read anew only after they were given back.
      await this.#client.query('select pg_stat_clear_snapshot()');
      const { rows } = await this.#client.query<{ waiting: number }>(sql);
      return isSo(rows[0]?.waiting ?? 0) || undefined;
    };
    await eventually(look, () => otherwise);
  }

  /** May be called again: what a failed test still holds is released after it. */
  release(): Promise<void> {
    return (this.#releasing ??= this.#release());
  }

  async #release(): Promise<void> {
    await this.#client.query('rollback');
    await this.#client.end();
  }
}

/**
 * Lets the COMMIT of transactions that write to `table` be held: a deferred trigger is the last thing that runs in it. A
 * process that is killed then has its work persisted and never hears of it.
 */
export async function holdCommitsOf(database: TestDatabase, ...tables: readonly string[]): Promise<void> {
  await database.asOwner(
    `create function wait_at_commit() returns trigger language plpgsql as
     'begin perform pg_advisory_xact_lock_shared(${COMMIT_LOCK}); return null; end'`,
  );
  for (const table of tables) {
    await database.asOwner(
      `create constraint trigger ${table}_waits_at_commit after insert or update on ${table}
         deferrable initially deferred for each row execute function wait_at_commit()`,
    );
  }
}

/** Lets the storing of one order's answer be held, before it touches any row. */
export async function letAnswersBeHeld(database: TestDatabase): Promise<void> {
  await database.asOwner(
    `create function wait_for_answer() returns trigger language plpgsql as
     'begin perform pg_advisory_xact_lock_shared(hashtextextended(new.order_id::text, ${ANSWER_LOCK})); return new; end'`,
  );
  await database.asOwner(
    'create trigger bankid_answer_waits before insert on bankid_answer for each row execute function wait_for_answer()',
  );
}
