import pg from 'pg';

/** What one statement answered, as text, as PostgreSQL writes it. */
export interface Answer {
  /** `SELECT`, `UPDATE`, `CREATE` … */
  readonly command: string;
  readonly rowCount: number | null;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

export interface Trial {
  /** Statements, separated by semicolons. */
  readonly sql: string;
  /** Commit in the end; otherwise nothing is kept. */
  readonly isKept: boolean;
  /** Ask for the plan of the one statement instead, whose `$1`, `$2` … then need no values. */
  readonly isExplained: boolean;
}

/**
 * Begins a transaction that a COMMIT or ROLLBACK among the statements cannot escape: a deferred trigger makes the first fail,
 * and after the second the session's default is to read only.
 */
const KEEP_NOTHING = `
  begin read write;
  create temporary table tried () on commit drop;
  create function pg_temp.keep_nothing() returns trigger language plpgsql
    as $$ begin raise exception 'a COMMIT among the statements needs --commit'; end $$;
  create constraint trigger keep_nothing after insert on tried deferrable initially deferred
    for each row execute function pg_temp.keep_nothing();
  insert into tried default values`;

/** Does not wait long for another session's lock: the service is running. */
const LIMITS = `set local lock_timeout = '5s'`;

/** Runs statements in one transaction. @throws pg.DatabaseError of the one that failed; nothing is kept then */
export async function tryStatements(url: string, { sql, isKept, isExplained }: Trial): Promise<readonly Answer[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'npm run sql' });
  await client.connect();
  try {
    if (!isKept) await client.query('set default_transaction_read_only = on');
    await client.query(isKept ? 'begin' : KEEP_NOTHING);
    await client.query(LIMITS);
    const answers = await client.query({
      text: isExplained ? `explain (generic_plan) ${sql}` : sql,
      rowMode: 'array',
      types: { getTypeParser: () => (value: unknown) => value },
    });
    if (isKept) await client.query('commit');
    // The driver has one result for one statement, and a list for several.
    return [answers].flat().map(toAnswer);
  } finally {
    // A transaction that is open when its connection ends is rolled back.
    await client.end();
  }
}

function toAnswer({ command, rowCount, fields, rows }: pg.QueryArrayResult): Answer {
  return { command, rowCount, columns: fields.map(({ name }) => name), rows: rows as (string | null)[][] };
}
