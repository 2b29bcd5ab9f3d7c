import { Injectable } from '@nestjs/common';
import type { Scope } from '../../database/database.ts';
import { LedgerDirectory } from '../outside/ledger-directory.ts';
import { LedgerFault } from '../state/ledger-fault.ts';
import { selectLastNumber } from './last-number.repository.ts';
import type { LogKind } from './ledger-log.ts';
import { LedgerLogs } from './ledger-logs.ts';

/** Which numbers were given, by what is kept outside: a restored database does not know of those that were given after its backup. */
@Injectable()
export class KeptNumbers {
  constructor(
    private readonly logs: LedgerLogs,
    private readonly directory: LedgerDirectory,
  ) {}

  /**
   * Makes sure that the next number of a log was never given before.
   * @param scope the transaction that gives it
   * @throws LedgerFault `ahead`; DirectoryFault where what is kept cannot be read
   */
  async checkNext(scope: Scope, bank: string, kind: LogKind): Promise<void> {
    const log = await this.logs.openLog(bank, kind);
    const kept = await this.directory.largestCheckpoint(log.folder);
    if (kept && kept.size > (await selectLastNumber(scope, bank, kind))) throw new LedgerFault('ahead', log.folder);
  }
}
