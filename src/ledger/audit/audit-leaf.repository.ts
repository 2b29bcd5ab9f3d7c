import { execute, maybeRow, rows, type Scope, type Tx } from '../../database/database.ts';
import { bool, bytes, int, text } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import type { ChainHead } from './audit-digest.ts';

const TRY_AUDIT_TURN = statement(
  'ledger.tryAuditTurn',
  `select pg_try_advisory_xact_lock(hashtextextended($1::text, 7311))
          and coalesce((select max(closed_at) from ledger_audit_leaf where bank = $1::text and kind = 'heads')
                         <= clock_timestamp() - make_interval(secs => $2), true) as due`,
);

/** Whether this transaction may close leaves of a bank: no other instance does so now, and none has within the interval. */
export async function tryAuditTurn(tx: Tx, bank: string, intervalSeconds: number): Promise<boolean> {
  return (await maybeRow(tx, TRY_AUDIT_TURN, [bank, intervalSeconds], (row) => bool(row, 'due'))) === true;
}

const SELECT_CHANGED = statement(
  'ledger.selectChangedChains',
  `select c.subject, c.seq, c.hash
     from (select distinct on (e.subject) e.subject, e.seq, e.hash
             from audit_event e
            where split_part(e.subject, ':', 2) = $1::text and starts_with(e.subject, 'consent:')
              and e.recorded_at >= (select coalesce(max(closed_at) - make_interval(secs => $2), '-infinity')
                                      from ledger_audit_leaf where bank = $1::text and kind = 'heads')
            order by e.subject, e.seq desc) c
    where not exists (select from ledger_audit_head h where h.subject = c.subject and h.seq >= c.seq)
    limit $3`,
);

/**
 * The heads of the chains of a bank that no leaf covers yet, `limit` at most. It looks at the events since the last leaf of the bank and
 * the `overlapSeconds` before it: an event gets its time before its transaction is committed.
 */
export async function selectChangedChains(
  scope: Scope,
  bank: string,
  overlapSeconds: number,
  limit: number,
): Promise<readonly ChainHead[]> {
  return rows(scope, SELECT_CHANGED, [bank, overlapSeconds, limit], (row) => ({
    subject: text(row, 'subject'),
    seq: int(row, 'seq'),
    hash: bytes(row, 'hash'),
  }));
}

const INSERT_AUDIT_LEAF = statement(
  'ledger.insertAuditLeaf',
  `with leaf as (
     insert into ledger_audit_leaf (bank, number, kind, digest)
     select $1::text, coalesce((select number from ledger_audit_leaf where bank = $1::text order by number desc limit 1), 0) + 1, 'heads', $2
     returning bank, number)
   insert into ledger_audit_head (bank, number, subject, seq, hash)
   select leaf.bank, leaf.number, head.subject, head.seq, head.hash
     from leaf, unnest($3::text[], $4::bigint[], $5::bytea[]) as head (subject, seq, hash)`,
);

/** A leaf with the list that it covers. */
export async function insertAuditLeaf(
  tx: Tx,
  bank: string,
  digest: Buffer,
  heads: readonly ChainHead[],
): Promise<void> {
  await execute(tx, INSERT_AUDIT_LEAF, [
    bank,
    digest,
    heads.map(({ subject }) => subject),
    heads.map(({ seq }) => seq),
    heads.map(({ hash }) => hash),
  ]);
}
