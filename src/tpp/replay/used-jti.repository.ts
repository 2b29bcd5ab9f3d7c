import { execute, rows, type Scope } from '../../platform/database.ts';
import { bytes, int, type Row } from '../../platform/rows.ts';

interface Used {
  readonly hash: Buffer;
  readonly expiresAt: Date;
}

/** The hashes that were new; the others had been there already. Sorted, so that two requests cannot wait for each other. */
export async function insertUsed(scope: Scope, entries: readonly Used[]): Promise<Buffer[]> {
  return rows(
    scope,
    `insert into used_jti (jti_hash, expires_at)
     select jti_hash, expires_at from unnest($1::bytea[], $2::timestamptz[]) as used (jti_hash, expires_at)
      order by jti_hash
     on conflict do nothing
     returning jti_hash`,
    [entries.map((entry) => entry.hash), entries.map((entry) => entry.expiresAt)],
    (row) => bytes(row, 'jti_hash'),
  );
}

/**
 * Removes what has expired by itself before `before`, ten thousand at a time: such a proof is refused for its age. Nobody is
 * waited for, and nobody waits for long.
 */
export async function deleteExpiredUsed(scope: Scope, before: Date): Promise<number> {
  return execute(
    scope,
    `delete from used_jti
      where jti_hash in (select jti_hash from used_jti where expires_at < $1
                          order by expires_at limit 10000)`,
    [before],
  );
}

/**
 * Uses up one hash, where there is one, and runs `query` in the same statement. Its parameters are numbered from $3.
 * @returns undefined when the hash had been there already; else whether `query` found a row
 */
export async function insertUsedAndQuery<T>(
  scope: Scope,
  used: Used | undefined,
  query: string,
  params: readonly unknown[],
  parseRow: (row: Row) => T,
): Promise<{ readonly answer: T | undefined } | undefined> {
  const [result] = await rows(
    scope,
    `with used as (
       insert into used_jti (jti_hash, expires_at) select $1::bytea, $2::timestamptz where $1::bytea is not null
       on conflict do nothing returning jti_hash
     )
     select (select count(*) from used)::int as fresh, answer.*
       from (values (1)) as always left join (select true as found, q.* from (${query}) as q) as answer on true`,
    [used?.hash ?? null, used?.expiresAt ?? null, ...params],
    (row) =>
      used && int(row, 'fresh') === 0 ? undefined : { answer: row['found'] === true ? parseRow(row) : undefined },
  );
  return result;
}
