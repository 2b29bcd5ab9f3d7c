import { maybeRow, type Scope } from '../../database/database.ts';
import { int } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import type { LogKind } from './ledger-log.ts';

const SELECT_LAST = {
  evidence: statement(
    'ledger.selectLastNumber',
    'select number from ledger_leaf where bank = $1 order by number desc limit 1',
  ),
  audit: statement(
    'ledger.selectLastAuditNumber',
    'select number from ledger_audit_leaf where bank = $1 order by number desc limit 1',
  ),
} as const satisfies Record<LogKind, unknown>;

/** The number of the newest leaf; 0 where there is none. */
export async function selectLastNumber(scope: Scope, bank: string, kind: LogKind): Promise<number> {
  return (await maybeRow(scope, SELECT_LAST[kind], [bank], (row) => int(row, 'number'))) ?? 0;
}
