import { execute, maybeRow, rows, type Scope, type Tx } from '../../database/database.ts';
import { bool, bytes, int, text, type Row } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import type { LedgerLog } from '../log/ledger-log.ts';

/** A signed head of a log, as it is stored before it is kept outside. */
export interface StoredCheckpoint {
  readonly size: number;
  readonly root: Buffer;
  /** The log's own note. */
  readonly note: string;
}

const COLUMNS = 'size, root, note';

const SELECT_LATEST = statement(
  'ledger.selectLatestCheckpoints',
  `select ${COLUMNS} from checkpoint where bank = $1 and kind = $2 order by size desc limit 2`,
);

/** The largest two, the larger one first. */
export async function selectLatest(scope: Scope, { bank, kind }: LedgerLog): Promise<readonly StoredCheckpoint[]> {
  return rows(scope, SELECT_LATEST, [bank, kind], parseCheckpoint);
}

const SELECT_CHECKPOINT = statement(
  'ledger.selectCheckpoint',
  `select ${COLUMNS} from checkpoint where bank = $1 and kind = $2 and size = $3`,
);

export async function selectCheckpoint(
  scope: Scope,
  { bank, kind }: LedgerLog,
  size: number,
): Promise<StoredCheckpoint | undefined> {
  return maybeRow(scope, SELECT_CHECKPOINT, [bank, kind, size], parseCheckpoint);
}

const SELECT_NEXT = statement(
  'ledger.selectNextCheckpoint',
  `select ${COLUMNS} from checkpoint where bank = $1 and kind = $2 and size > $3 order by size limit 1`,
);

/** The smallest one that is larger than `size`. */
export async function selectNext(
  scope: Scope,
  { bank, kind }: LedgerLog,
  size: number,
): Promise<StoredCheckpoint | undefined> {
  return maybeRow(scope, SELECT_NEXT, [bank, kind, size], parseCheckpoint);
}

const INSERT_CHECKPOINT = statement(
  'ledger.insertCheckpoint',
  `insert into checkpoint (bank, kind, size, root, note) values ($1, $2, $3, $4, $5)
   on conflict do nothing`,
);

/** Nothing happens where the log has a head of this size. */
export async function insertCheckpoint(scope: Scope, { bank, kind }: LedgerLog, head: StoredCheckpoint): Promise<void> {
  await execute(scope, INSERT_CHECKPOINT, [bank, kind, head.size, head.root, head.note]);
}

const IS_DUE = statement(
  'ledger.isHeadDue',
  `select coalesce((select signed_at not between clock_timestamp() - make_interval(secs => $3) and clock_timestamp()
                      from checkpoint where bank = $1 and kind = $2 order by size desc limit 1), true) as due`,
);

/** Whether the largest head of the log is as old as this, or of the future, because the clock was set back. */
export async function isHeadDue(scope: Scope, { bank, kind }: LedgerLog, seconds: number): Promise<boolean> {
  return (await maybeRow(scope, IS_DUE, [bank, kind, seconds], (row) => bool(row, 'due'))) === true;
}

const TRY_TURN = statement(
  'ledger.tryTurn',
  'select pg_try_advisory_xact_lock(hashtextextended($1::text, 7310)) as locked',
);

/** Whether this transaction has the turn to sign and publish heads of the log, until it ends. It fails where the connection is lost. */
export async function tryTurn(tx: Tx, { folder }: LedgerLog): Promise<boolean> {
  return (await maybeRow(tx, TRY_TURN, [folder], (row) => bool(row, 'locked'))) === true;
}

function parseCheckpoint(row: Row): StoredCheckpoint {
  return {
    size: int(row, 'size'),
    root: bytes(row, 'root'),
    note: text(row, 'note'),
  };
}
