import { execute, maybeRow, rows, type Scope } from '../../database/database.ts';
import { bytes, instant, optionalInstant } from '../../database/rows.ts';
import type { ReplayEntry } from '../replay.ts';
import { statement } from '../../database/statement.ts';

/** Null where the memory was lost: no proof can be claimed then. Found by its key, so that the planner knows it for one row. */
const SINCE = '(select since from replay_memory where one)';

const CLAIM_PROOFS = statement(
  'client-auth.claimProofs',
  `insert into used_jti (jti_hash, expires_at)
     select p.hash, max(p.expires_at)
       from unnest($1::bytea[], $2::timestamptz[], $3::timestamptz[]) as p (hash, acceptable_from, expires_at)
      group by p.hash
     having min(p.acceptable_from) >= ${SINCE}
      order by p.hash
     on conflict do nothing
     returning jti_hash`,
);

/**
 * Claims proofs and gives the hashes of those that were new. A proof that stands there twice is claimed once, and only if the
 * memory covers both. Sorted, so that two statements cannot wait for each other.
 */
export async function claimProofs(scope: Scope, proofs: readonly ReplayEntry[]): Promise<readonly Buffer[]> {
  return rows(
    scope,
    CLAIM_PROOFS,
    [
      proofs.map((proof) => proof.hash),
      proofs.map((proof) => proof.acceptableFrom),
      proofs.map((proof) => proof.expiresAt),
    ],
    (row) => bytes(row, 'jti_hash'),
  );
}

const BEGIN_MEMORY = statement(
  'client-auth.beginMemory',
  `with right_now as (
       select greatest($1::timestamptz, clock_timestamp()) as moment, make_interval(secs => $2::double precision / 1000) as margin),
     begun as (
       insert into replay_memory (since) select moment + margin from right_now on conflict do nothing returning since),
     brought_back as (
       update replay_memory m set since = r.moment + r.margin from right_now r
        where m.one and m.since > r.moment + 3 * r.margin returning m.since)
     select since from begun union all select since from brought_back`,
);

/**
 * Begins the memory where there is none: the database crashed and emptied it. One that begins too far ahead, because a wrong
 * clock began it, is brought back: no proof that could have been claimed before was accepted meanwhile.
 * @param marginMs how far an instance's clock may be ahead of the database's
 * @returns the beginning, where this changed it
 */
export async function beginMemory(scope: Scope, now: Date, marginMs: number): Promise<Date | undefined> {
  const begun = await rows(scope, BEGIN_MEMORY, [now, marginMs], (row) => instant(row, 'since'));
  return begun[0];
}

const IS_COVERED = statement('client-auth.isCovered', `select where ${SINCE} <= $1`);

/** Whether the memory holds every proof that was claimed at `moment` or later. */
export async function isCovered(scope: Scope, moment: Date): Promise<boolean> {
  const found = await rows(scope, IS_COVERED, [moment], () => true);
  return found.length > 0;
}

const FIND_OLDEST_USED = statement('client-auth.findOldestUsed', 'select min(expires_at) as expires_at from used_jti');

/** When the claimed proof expires, or expired, that does so first; undefined where none is kept. */
export async function findOldestUsed(scope: Scope): Promise<Date | undefined> {
  return maybeRow(scope, FIND_OLDEST_USED, [], (row) => optionalInstant(row, 'expires_at'));
}

const DELETE_EXPIRED_USED = statement(
  'client-auth.deleteExpiredUsed',
  `delete from used_jti
      where jti_hash = any(array(select jti_hash from used_jti where expires_at < $1
                                 order by expires_at limit $2))`,
);

/**
 * Removes what has expired by itself before `before`, up to `limit`: such a proof is refused for its age. It
 * waits for no request, and a request waits for it only briefly.
 */
export async function deleteExpiredUsed(scope: Scope, before: Date, limit: number): Promise<number> {
  return execute(scope, DELETE_EXPIRED_USED, [before, limit]);
}
