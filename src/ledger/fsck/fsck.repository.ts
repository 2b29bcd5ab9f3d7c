import { maybeRow, rows, type Scope } from '../../database/database.ts';
import { bytes, int, text, type Row } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import type { ChainHead } from '../audit/audit-digest.ts';
import type { LedgerLog } from '../log/ledger-log.ts';

/** A leaf with what the database has of its evidence. */
export interface CheckedLeaf {
  readonly number: number;
  readonly digest: Buffer;
  /** `here`; lost with a database that was set back; or brought back from a file. */
  readonly place: 'here' | 'lost' | 'returned';
  /** The digest in the row of its evidence; undefined where there is no such row, and for a leaf that has none. */
  readonly stored: Buffer | undefined;
}

const SELECT_LEAVES = {
  evidence: statement(
    'ledger.selectCheckedLeaves',
    `select l.number, l.digest, coalesce(e.digest, ''::bytea) as stored,
            case when l.kind <> 'lost' then 'here' when r.number is null then 'lost' else 'returned' end as place
       from ledger_leaf l
       left join evidence e on e.id = l.evidence_id
       left join returned_evidence r on r.bank = l.bank and r.number = l.number
      where l.bank = $1 and l.number > $2 and l.number <= $3 order by l.number`,
  ),
  audit: statement(
    'ledger.selectCheckedAuditLeaves',
    `select l.number, l.digest, l.digest as stored, case l.kind when 'lost' then 'lost' else 'here' end as place
       from ledger_audit_leaf l where l.bank = $1 and l.number > $2 and l.number <= $3 order by l.number`,
  ),
} as const;

/** The leaves whose numbers are above `after` and at most `last`, in their order. */
export async function selectCheckedLeaves(
  scope: Scope,
  { bank, kind }: LedgerLog,
  after: number,
  last: number,
): Promise<readonly CheckedLeaf[]> {
  return rows(scope, SELECT_LEAVES[kind], [bank, after, last], (row) => {
    const stored = bytes(row, 'stored');
    const place = text(row, 'place') as CheckedLeaf['place'];
    return {
      number: int(row, 'number'),
      digest: bytes(row, 'digest'),
      place,
      stored: stored.length > 0 ? stored : undefined,
    };
  });
}

/** One chain of a list, with the hash that its event has now. */
export interface CheckedChain extends ChainHead {
  readonly number: number;
  /** Undefined where the event is not stored. */
  readonly stored: Buffer | undefined;
}

const SELECT_CHAINS = statement(
  'ledger.selectCheckedChains',
  `select h.number, h.subject, h.seq, h.hash, coalesce(e.hash, ''::bytea) as stored
     from ledger_audit_head h left join audit_event e on e.subject = h.subject and e.seq = h.seq
    where h.bank = $1 and h.number > $2 and h.number <= $3 order by h.number`,
);

/** The lists of these audit leaves. */
export async function selectCheckedChains(
  scope: Scope,
  bank: string,
  after: number,
  last: number,
): Promise<readonly CheckedChain[]> {
  return rows(scope, SELECT_CHAINS, [bank, after, last], (row) => {
    const stored = bytes(row, 'stored');
    return { ...parseChain(row), number: int(row, 'number'), stored: stored.length > 0 ? stored : undefined };
  });
}

function parseChain(row: Row): ChainHead {
  return { subject: text(row, 'subject'), seq: int(row, 'seq'), hash: bytes(row, 'hash') };
}

const COUNT_UNNUMBERED = statement(
  'ledger.countUnnumbered',
  `select count(*) as count from evidence e
    where e.bank = $1 and e.stored_at < $2
      and not exists (select from ledger_leaf l where l.evidence_id = e.id)
      and not exists (select from ledger_leaf l where l.bank = e.bank and l.digest = e.digest and l.kind = 'lost')`,
);

/** How much evidence from before a time has no number. */
export async function countUnnumbered(scope: Scope, bank: string, before: Date): Promise<number> {
  return (await maybeRow(scope, COUNT_UNNUMBERED, [bank, before], (row) => int(row, 'count'))) ?? 0;
}

const COUNT_UNCOVERED = statement(
  'ledger.countUncoveredChains',
  `select count(*) as count
     from (select distinct on (e.subject) e.subject, e.seq from audit_event e
            where split_part(e.subject, ':', 2) = $1::text and (starts_with(e.subject, 'consent:') or starts_with(e.subject, 'bank:')) and e.recorded_at < $2
            order by e.subject, e.seq desc) c
    where not exists (select from ledger_audit_head h where h.subject = c.subject and h.seq >= c.seq)`,
);

/** How many chains of a bank have an event from before a time that no leaf covers. */
export async function countUncovered(scope: Scope, bank: string, before: Date): Promise<number> {
  return (await maybeRow(scope, COUNT_UNCOVERED, [bank, before], (row) => int(row, 'count'))) ?? 0;
}

const SELECT_KNOWN_SIZES = statement(
  'ledger.selectKnownSizes',
  'select size from checkpoint where bank = $1 and kind = $2 and size = any($3)',
);

/** Those of the sizes that have a head in the database. */
export async function selectKnownSizes(
  scope: Scope,
  { bank, kind }: LedgerLog,
  sizes: readonly number[],
): Promise<ReadonlySet<number>> {
  return new Set(await rows(scope, SELECT_KNOWN_SIZES, [bank, kind, sizes], (row) => int(row, 'size')));
}
