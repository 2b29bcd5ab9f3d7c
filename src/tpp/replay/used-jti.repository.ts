import { compose, step, type Step } from '../../platform/composition.ts';
import { execute, rows, type Scope } from '../../platform/database.ts';
import { bytes, instant, type Row } from '../../platform/rows.ts';

/** Null where the memory was lost: nothing is taken then. Found by its key, so that the planner knows it for one row. */
const SINCE = '(select since from replay_memory where one)';

/** The proofs of one request, in the form in which a composed statement uses them up. */
export interface BurnParams {
  readonly proof_hashes: readonly Buffer[];
  readonly proof_froms: readonly Date[];
  readonly proof_expiries: readonly Date[];
}

/**
 * Uses up the proofs of a request and gives those that were new; the others had been there already, or are from before the memory
 * begins. Sorted, so that two requests cannot wait for each other.
 */
export const used = step<BurnParams>(
  'used',
  `insert into used_jti (jti_hash, expires_at)
   select p.hash, p.expires_at
     from unnest($proof_hashes::bytea[], $proof_froms::timestamptz[], $proof_expiries::timestamptz[])
            as p (hash, acceptable_from, expires_at)
    where p.acceptable_from >= ${SINCE}
    order by p.hash
   on conflict do nothing
   returning jti_hash`,
);

const insertion = compose([used], 'select jti_hash::bytea as jti_hash from used');

/** The step {@link used} as a statement of its own. */
export async function insertUsed(scope: Scope, burn: BurnParams): Promise<Buffer[]> {
  const fresh = await insertion.list(scope, burn);
  return fresh.map((row) => bytes(row, 'jti_hash'));
}

/**
 * Begins the memory where there is none: the database crashed and emptied it. One that begins too far ahead, because it was begun
 * by a clock that was wrong, is brought back: nothing was taken meanwhile that could have been used before.
 * @param marginMs how far an instance's clock may be ahead of the database's
 * @returns the beginning, where this changed it
 */
export async function beginMemory(scope: Scope, now: Date, marginMs: number): Promise<Date | undefined> {
  const begun = await rows(
    scope,
    `with right_now as (
       select greatest($1::timestamptz, clock_timestamp()) as moment, make_interval(secs => $2::double precision / 1000) as margin),
     begun as (
       insert into replay_memory (since) select moment + margin from right_now on conflict do nothing returning since),
     brought_back as (
       update replay_memory m set since = r.moment + r.margin from right_now r
        where m.one and m.since > r.moment + 3 * r.margin returning m.since)
     select since from begun union all select since from brought_back`,
    [now, marginMs],
    (row) => instant(row, 'since'),
  );
  return begun[0];
}

/** Whether all that was used at `moment` or later is remembered. */
export async function remembers(scope: Scope, moment: Date): Promise<boolean> {
  const found = await rows(scope, `select where ${SINCE} <= $1`, [moment], () => true);
  return found.length > 0;
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

/** One row when all proofs were new, and none otherwise: what begins `from proven` is not done for a proof that was used before. */
export const proven = step<BurnParams>(
  'proven',
  'select 1 as once from used having count(*) = cardinality($proof_hashes::bytea[])',
);

/** Column of the answer: null when all proofs were new, else those that were. The driver knows arrays of bytea, not of a domain. */
export const NEW_PROOFS = `case when exists (select from proven) then null else array(select jti_hash::bytea from used) end as new_proofs`;

/** Those that were new, where not all were. */
export function parseNewProofs(row: Row): readonly Buffer[] | undefined {
  const hashes = row['new_proofs'];
  if (hashes === null) return undefined;
  if (!Array.isArray(hashes) || !hashes.every((hash) => Buffer.isBuffer(hash)))
    throw new TypeError('no list of proofs');
  return hashes;
}

/**
 * Uses up the proofs of several requests at once: columns jti_hash, null where a request came without, jti_from, jti_expires_at
 * and has_turn, true for one of those alike, of the step `source`. Gives those that were new.
 */
export function usedOf(source: string): Step<object> {
  return step(
    'used',
    `insert into used_jti (jti_hash, expires_at)
     select s.jti_hash, s.jti_expires_at from ${source} s where s.has_turn and s.jti_from >= ${SINCE}
      order by s.jti_hash
     on conflict do nothing
     returning jti_hash`,
  );
}
