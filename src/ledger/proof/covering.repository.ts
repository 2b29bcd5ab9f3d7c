import { maybeRow, type Scope } from '../../database/database.ts';
import { bytes, int, text, type Row } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';

const SELECT_NUMBER = statement(
  'ledger.selectNumber',
  `select number from ledger_leaf where evidence_id = $2 and bank = $1
   union all
   select l.number from evidence e join ledger_leaf l on l.bank = e.bank and l.digest = e.digest and l.kind = 'lost'
    where e.id = $2 and e.bank = $1`,
);

/** The number of evidence: its own, or that of the lost leaf to which it was brought back. Undefined while it has none. */
export async function selectNumber(scope: Scope, bank: string, evidenceId: string): Promise<number | undefined> {
  return maybeRow(scope, SELECT_NUMBER, [bank, evidenceId], (row) => int(row, 'number'));
}

/** A head, as its log signed it. */
export interface CoveringHead {
  readonly size: number;
  readonly note: string;
}

const SELECT_COVERING = statement(
  'ledger.selectCovering',
  `select size, note from checkpoint
    where bank = $1 and kind = 'evidence' and size >= $2 and size <= $3 order by size limit 1`,
);

/** The smallest head that has the leaf of this number and is not larger than `published`. */
export async function selectCovering(
  scope: Scope,
  bank: string,
  number: number,
  published: number,
): Promise<CoveringHead | undefined> {
  return maybeRow(scope, SELECT_COVERING, [bank, number, published], parseHead);
}

const SELECT_TIMESTAMPED = statement(
  'ledger.selectTimestamped',
  `select c.size, c.note, t.token
     from checkpoint_timestamp t join checkpoint c on c.bank = t.bank and c.kind = t.kind and c.size = t.size
    where t.bank = $1 and t.kind = 'evidence' and t.size >= $2 and t.size <= $3 and t.nth = 0
    order by t.size limit 1`,
);

/** The same with the first timestamp of the smallest head that has one. */
export async function selectTimestamped(
  scope: Scope,
  bank: string,
  number: number,
  published: number,
): Promise<(CoveringHead & { readonly timestamp: Buffer }) | undefined> {
  return maybeRow(scope, SELECT_TIMESTAMPED, [bank, number, published], (row) => ({
    ...parseHead(row),
    timestamp: bytes(row, 'token'),
  }));
}

function parseHead(row: Row): CoveringHead {
  return { size: int(row, 'size'), note: text(row, 'note') };
}
