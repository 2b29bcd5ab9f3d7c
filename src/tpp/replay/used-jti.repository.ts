import { execute, rows, type Scope } from '../../platform/database.ts';
import { bytes } from '../../platform/rows.ts';

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

/** Removes what has expired by itself before `before`: such a proof is refused for its age. */
export async function deleteExpiredUsed(scope: Scope, before: Date): Promise<number> {
  return execute(scope, 'delete from used_jti where expires_at < $1', [before]);
}
