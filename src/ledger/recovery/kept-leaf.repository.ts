import { maybeRow, type Tx } from '../../database/database.ts';
import { int } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import type { LedgerLog } from '../log/ledger-log.ts';

/** How many numbers were taken from what is kept. */
export interface Taken {
  /** Whose evidence, or list of chains, this database does not have. */
  readonly lost: number;
  /** Whose evidence was here and waited for its number. */
  readonly found: number;
}

const INSERT_KEPT = {
  evidence: statement(
    'ledger.insertKeptLeaves',
    `with kept as (select k.number, k.digest from unnest($2::bigint[], $3::bytea[]) as k (number, digest)),
     found as (
       delete from ledger_pending p using kept
        where p.bank = $1 and p.digest = kept.digest
       returning p.evidence_id, p.digest),
     added as (
       insert into ledger_leaf (bank, number, kind, evidence_id, digest)
       select $1, kept.number, case when found.evidence_id is null then 'lost' else 'evidence' end, found.evidence_id, kept.digest
         from kept left join found on found.digest = kept.digest
       returning kind)
     select count(*) filter (where kind = 'lost') as lost, count(*) filter (where kind <> 'lost') as found from added`,
  ),
  audit: statement(
    'ledger.insertKeptAuditLeaves',
    `with added as (
       insert into ledger_audit_leaf (bank, number, kind, digest)
       select $1, k.number, 'lost', k.digest from unnest($2::bigint[], $3::bytea[]) as k (number, digest)
       returning kind)
     select count(*) as lost, 0 as found from added`,
  ),
} as const;

/** Adds leaves that are kept outside and missing here, in their order. They must follow the last one. */
export async function insertKept(
  tx: Tx,
  { bank, kind }: LedgerLog,
  first: number,
  digests: readonly Buffer[],
): Promise<Taken> {
  const numbers = digests.map((_, at) => first + at);
  const taken = await maybeRow(tx, INSERT_KEPT[kind], [bank, numbers, digests], (row) => ({
    lost: int(row, 'lost'),
    found: int(row, 'found'),
  }));
  return taken ?? { lost: 0, found: 0 };
}
