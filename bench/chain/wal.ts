import pg from 'pg';

/**
 * A durable commit is a transaction with a commit record and at least one more record in the WAL: it waits until both are on disk.
 * (One that wrote only unlogged tables leaves a commit record too, but does not wait.) An asynchronous one leaves the same records:
 * here all others commit under `remote_apply`, which without a standby waits for the same as `on`, and whose commit records say
 * `apply_feedback`. They are counted in the WAL itself, by pg_walinspect. Replayed by one connection, thirteen payments of sixteen
 * such commits made 208 fsyncs of client backends in `pg_stat_io`, one for each; with several connections one fsync may serve many
 * commits. Autovacuum's commits are counted too: over many payments they do not matter.
 */
const COMMITS = `
  select sum(record_length - fpi_length)::int as bytes, max(start_lsn) filter (where record_type = 'COMMIT') as committed_at
    from pg_get_wal_records_info($1, $2) where xid <> '0'
   group by xid having count(*) > 1 and bool_or(record_type = 'COMMIT' and description like '%apply_feedback%')
   order by committed_at`;

/** The WAL of one server. */
export class Wal {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  static async open(ownerUrl: string): Promise<Wal> {
    const client = new pg.Client({ connectionString: ownerUrl });
    await client.connect();
    await client.query('create extension if not exists pg_walinspect');
    await client.query('alter system set synchronous_commit = remote_apply');
    await client.query('select pg_reload_conf()');
    return new Wal(client);
  }

  /** A place in the WAL behind everything that has been written so far. */
  async mark(): Promise<string> {
    const { rows } = await this.#client.query<{ lsn: string }>(
      `select pg_logical_emit_message(false, 'bench', '', true) as lsn`,
    );
    return rows[0]?.lsn ?? '';
  }

  /** The durable commits between two marks, in their order: the bytes that each wrote, without images of whole pages. */
  async findCommits(from: string, to: string): Promise<readonly number[]> {
    const { rows } = await this.#client.query<{ bytes: number }>(COMMITS, [from, to]);
    return rows.map(({ bytes }) => bytes);
  }

  /** Bytes of WAL between two marks, images of whole pages included: what is archived, and sent to a standby. */
  async countBytes(from: string, to: string): Promise<number> {
    const { rows } = await this.#client.query<{ bytes: number }>('select pg_wal_lsn_diff($2, $1)::float8 as bytes', [
      from,
      to,
    ]);
    return rows[0]?.bytes ?? 0;
  }

  /** What the database takes on disk when dead rows are gone and all is written: tables, their TOAST and their indexes. */
  async databaseBytes(): Promise<number> {
    await this.#client.query('vacuum');
    await this.#client.query('checkpoint');
    const { rows } = await this.#client.query<{ bytes: number }>(
      'select pg_database_size(current_database())::float8 as bytes',
    );
    return rows[0]?.bytes ?? 0;
  }

  close(): Promise<void> {
    return this.#client.end();
  }
}
