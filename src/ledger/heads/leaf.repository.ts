import { rows, type Scope } from '../../database/database.ts';
import { bytes, int, type Row } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import type { LedgerLog, LogKind } from '../log/ledger-log.ts';

/** A leaf of a log: its entry is the digest. */
export interface Leaf {
  readonly number: number;
  /** 32 octets. */
  readonly digest: Buffer;
}

const SELECT_LEAVES = {
  evidence: statement(
    'ledger.selectLeaves',
    'select number, digest from ledger_leaf where bank = $1 and number > $2 order by number limit $3',
  ),
  audit: statement(
    'ledger.selectAuditLeaves',
    'select number, digest from ledger_audit_leaf where bank = $1 and number > $2 order by number limit $3',
  ),
} as const satisfies Record<LogKind, unknown>;

/** The leaves after a number, `limit` at most, in their order. */
export async function selectLeaves(
  scope: Scope,
  { bank, kind }: LedgerLog,
  after: number,
  limit: number,
): Promise<readonly Leaf[]> {
  return rows(scope, SELECT_LEAVES[kind], [bank, after, limit], parseLeaf);
}

function parseLeaf(row: Row): Leaf {
  return { number: int(row, 'number'), digest: bytes(row, 'digest') };
}
