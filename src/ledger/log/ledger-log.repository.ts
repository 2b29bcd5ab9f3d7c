import { execute, maybeRow, rows, type Scope } from '../../database/database.ts';
import { text } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';

const SELECT_LOG_ID = statement('ledger.selectLogId', 'select log_id from ledger_log where bank = $1');

export async function selectLogId(scope: Scope, bank: string): Promise<string | undefined> {
  return maybeRow(scope, SELECT_LOG_ID, [bank], (row) => text(row, 'log_id'));
}

const SELECT_BANKS = statement(
  'ledger.selectBanks',
  'select bank from ledger_log where bank > $1 order by bank limit 1000',
);

/** The next banks that have logs, in the database's order. */
export async function selectBanks(scope: Scope, after: string): Promise<readonly string[]> {
  return rows(scope, SELECT_BANKS, [after], (row) => text(row, 'bank'));
}

const SELECT_BANK_OF_LOG = statement('ledger.selectBankOfLog', 'select bank from ledger_log where log_id = $1');

export async function selectBankOfLog(scope: Scope, logId: string): Promise<string | undefined> {
  return maybeRow(scope, SELECT_BANK_OF_LOG, [logId], (row) => text(row, 'bank'));
}

const INSERT_LOG = statement(
  'ledger.insertLog',
  'insert into ledger_log (bank, log_id) values ($1, $2) on conflict do nothing',
);

/** Nothing happens where the bank has a log. */
export async function insertLog(scope: Scope, bank: string, logId: string): Promise<void> {
  await execute(scope, INSERT_LOG, [bank, logId]);
}
