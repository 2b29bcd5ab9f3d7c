import { execute, maybeRow, rows, type Scope } from '../../database/database.ts';
import { bytes, instant, optionalInstant } from '../../database/rows.ts';
import type { ReplayEntry } from '../replay.ts';
import { statement } from '../../database/statement.ts';

/** Null where the record was lost: no proof can be claimed then. Selected by its key, so that the planner expects one row. */
const SINCE = '(select complete_since from claim_record where one)';

const CLAIM_PROOFS = statement(
  'client-auth.claimProofs',
  `insert into claimed_proof (jti_hash, expires_at)
     select p.hash, max(p.expires_at)
       from unnest($1::bytea[], $2::timestamptz[], $3::timestamptz[]) as p (hash, acceptable_from, expires_at)
      group by p.hash
     having min(p.acceptable_from) >= ${SINCE}
      order by p.hash
     on conflict do nothing
     returning jti_hash`,
);

/**
 * Claims proofs and returns the hashes of those that were new. A proof that is listed twice is claimed once, and only if the
 * record covers both. The proofs are sorted, so two statements cannot deadlock.
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

const RESTART_CLAIM_RECORD = statement(
  'client-auth.restartClaimRecord',
  `with right_now as (
       select greatest($1::timestamptz, clock_timestamp()) as moment, make_interval(secs => $2::double precision / 1000) as margin),
     restarted as (
       insert into claim_record (complete_since) select moment + margin from right_now on conflict do nothing
       returning complete_since),
     set_back as (
       update claim_record c set complete_since = r.moment + r.margin from right_now r
        where c.one and c.complete_since > r.moment + 3 * r.margin returning c.complete_since)
     select complete_since from restarted union all select complete_since from set_back`,
);

/**
 * Restarts the record if a crash of the database emptied it. A start too far in the future was written by a wrong clock and is
 * set back: meanwhile no proof was accepted that could have been claimed earlier.
 * @param marginMs how far an instance's clock may be ahead of the database's
 * @returns the moment since which the record is complete, if this call changed it
 */
export async function restartClaimRecord(scope: Scope, now: Date, marginMs: number): Promise<Date | undefined> {
  return maybeRow(scope, RESTART_CLAIM_RECORD, [now, marginMs], (row) => instant(row, 'complete_since'));
}

const IS_COVERED = statement('client-auth.isCovered', `select where ${SINCE} <= $1`);

/** Whether the record holds every proof that was claimed at `moment` or later. */
export async function isCovered(scope: Scope, moment: Date): Promise<boolean> {
  const found = await rows(scope, IS_COVERED, [moment], () => true);
  return found.length > 0;
}

const FIND_OLDEST_CLAIM = statement(
  'client-auth.findOldestClaim',
  'select min(expires_at) as expires_at from claimed_proof',
);

/** The earliest expiry of the stored claimed proofs; undefined if there are none. */
export async function findOldestClaim(scope: Scope): Promise<Date | undefined> {
  return maybeRow(scope, FIND_OLDEST_CLAIM, [], (row) => optionalInstant(row, 'expires_at'));
}

const DELETE_EXPIRED_CLAIMS = statement(
  'client-auth.deleteExpiredClaims',
  `delete from claimed_proof
      where jti_hash = any(array(select jti_hash from claimed_proof where expires_at < $1
                                 order by expires_at limit $2))`,
);

/**
 * Deletes up to `limit` proofs that expired before `before`, which are refused for their age anyway. It never waits
 * for a request, and a request waits for it only briefly.
 */
export async function deleteExpiredClaims(scope: Scope, before: Date, limit: number): Promise<number> {
  return execute(scope, DELETE_EXPIRED_CLAIMS, [before, limit]);
}
