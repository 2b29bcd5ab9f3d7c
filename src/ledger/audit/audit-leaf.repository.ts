import { execute, maybeRow, rows, type Scope, type Tx } from '../../database/database.ts';
import { bool, bytes, int, text } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import type { ChainHead } from './audit-digest.ts';

/** Of leaves from before the clock was set back, those of the future say nothing. */
const LAST_CLOSED = `(select max(closed_at) from ledger_audit_leaf
                       where bank = $1::text and kind = 'heads' and closed_at <= clock_timestamp())`;

const TRY_AUDIT_TURN = statement(
  'ledger.tryAuditTurn',
  `select pg_try_advisory_xact_lock(hashtextextended($1::text, 7313))
          and coalesce(${LAST_CLOSED} <= clock_timestamp() - make_interval(secs => $2), true) as due`,
);

/** Whether this transaction may close leaves of a bank: no other instance does so now, and none has within the interval. */
export async function tryAuditTurn(tx: Tx, bank: string, intervalSeconds: number): Promise<boolean> {
  return (await maybeRow(tx, TRY_AUDIT_TURN, [bank, intervalSeconds], (row) => bool(row, 'due'))) === true;
}

const SELECT_SINCE = statement(
  'ledger.selectUncoveredSince',
  `select coalesce(${LAST_CLOSED} - make_interval(secs => $2), '-infinity')::text as since`,
);

/**
 * What a bank's next leaves have to cover begins here: at its last one, and the `overlapSeconds` before it, because an event gets its
 * time before its transaction is committed. PostgreSQL's own text.
 */
export async function getSince(scope: Scope, bank: string, overlapSeconds: number): Promise<string> {
  return (await maybeRow(scope, SELECT_SINCE, [bank, overlapSeconds], (row) => text(row, 'since'))) ?? '-infinity';
}

const SELECT_CHANGED = statement(
  'ledger.selectChangedChains',
  `select c.subject, c.seq, c.hash
     from (select distinct on (e.subject) e.subject, e.seq, e.hash
             from audit_event e
            where split_part(e.subject, ':', 2) = $1::text and (starts_with(e.subject, 'consent:') or starts_with(e.subject, 'bank:'))
              and e.recorded_at >= $2::timestamptz
            order by e.subject, e.seq desc) c
    where not exists (select from ledger_audit_head h where h.subject = c.subject and h.seq >= c.seq)
    limit $3`,
);

/** The heads of the chains of a bank that have changed since and that no leaf covers yet, `limit` at most. */
export async function selectChangedChains(
  scope: Scope,
  bank: string,
  since: string,
  limit: number,
): Promise<readonly ChainHead[]> {
  return rows(scope, SELECT_CHANGED, [bank, since, limit], (row) => ({
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
