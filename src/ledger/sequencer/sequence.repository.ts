import { execute, rows, type Scope, type Tx } from '../../database/database.ts';
import { instant, text } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';

/** The evidence of one bank that has no number yet. */
export interface Waiting {
  readonly bank: string;
  /** When the oldest of it was stored. */
  readonly since: Date;
}

const SELECT_WAITING = statement(
  'ledger.selectWaiting',
  `with recursive oldest as (
     (select bank, stored_at from ledger_pending order by bank, stored_at limit 1)
     union all
     select next.bank, next.stored_at
       from oldest cross join lateral (select p.bank, p.stored_at from ledger_pending p
                                        where p.bank > oldest.bank order by p.bank, p.stored_at limit 1) next)
   select bank, stored_at as since from oldest`,
);

/** By bank; empty where all evidence has its number. It reads one row of each bank, however much waits. */
export async function selectWaiting(scope: Scope): Promise<readonly Waiting[]> {
  return rows(scope, SELECT_WAITING, [], (row) => ({
    bank: text(row, 'bank'),
    since: instant(row, 'since'),
  }));
}

const LOCK_BANK = statement(
  'ledger.lockBank',
  'select pg_advisory_xact_lock(hashtextextended($1::text, 7309)) is null as locked',
);

/** Until the transaction ends, no other instance numbers evidence of this bank. */
export async function lockBank(tx: Tx, bank: string): Promise<void> {
  await execute(tx, LOCK_BANK, [bank]);
}

const MOVE_PENDING = statement(
  'ledger.movePending',
  `with moved as (
     -- By their places, which hold because no row is ever updated.
     delete from ledger_pending
      where ctid = any (array(select ctid from ledger_pending
                               where bank = $1 order by stored_at, evidence_id limit (select $2::int)))
     returning evidence_id, digest, stored_at),
   latest as (
     select coalesce((select number from ledger_leaf where bank = $1 order by number desc limit 1), 0) as number)
   insert into ledger_leaf (bank, number, kind, evidence_id, digest)
   select $1, latest.number + row_number() over (order by moved.stored_at, moved.evidence_id), 'evidence',
          moved.evidence_id, moved.digest
     from moved, latest
    where not exists (select from ledger_leaf where bank = $1 and digest = moved.digest and kind = 'lost')`,
);

/**
 * Numbers the oldest evidence of a bank that has no number, `limit` at most. What was brought back to a lost leaf keeps the number of
 * that leaf. Call it under {@link lockBank}, which must be a statement
 * of its own: this one sees what was committed before it began.
 * @returns how many
 */
export async function movePending(tx: Tx, bank: string, limit: number): Promise<number> {
  return execute(tx, MOVE_PENDING, [bank, limit]);
}
