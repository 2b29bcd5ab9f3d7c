import { execute, rows, type Scope } from '../../database/database.ts';
import { text } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import type { LedgerLog } from '../log/ledger-log.ts';

/** What a witness signed of a head. */
export interface Cosignature {
  /** `<name>+<key ID>`. */
  readonly witness: string;
  /** As it is appended to the note, with its newline. */
  readonly line: string;
}

const SELECT_OF_HEAD = statement(
  'ledger.selectCosignaturesOfHead',
  'select witness, line from checkpoint_cosignature where bank = $1 and kind = $2 and size = $3 order by witness',
);

/** What witnesses signed of the head of this size. */
export async function selectCosignaturesOfHead(
  scope: Scope,
  { bank, kind }: LedgerLog,
  size: number,
): Promise<readonly Cosignature[]> {
  return rows(scope, SELECT_OF_HEAD, [bank, kind, size], (row) => ({
    witness: text(row, 'witness'),
    line: text(row, 'line'),
  }));
}

const INSERT_COSIGNATURE = statement(
  'ledger.insertCosignature',
  `insert into checkpoint_cosignature (bank, kind, size, witness, line) values ($1, $2, $3, $4, $5)
   on conflict do nothing`,
);

/** Nothing happens where the witness has signed this head before. */
export async function insertCosignature(
  scope: Scope,
  { bank, kind }: LedgerLog,
  size: number,
  { witness, line }: Cosignature,
): Promise<void> {
  await execute(scope, INSERT_COSIGNATURE, [bank, kind, size, witness, line]);
}
