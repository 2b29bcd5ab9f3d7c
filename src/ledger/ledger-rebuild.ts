import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.ts';
import { selectNext } from './heads/checkpoint.repository.ts';
import { growTo } from './heads/growth.ts';
import { checkKept } from './heads/kept-heads.ts';
import type { LedgerLog } from './log/ledger-log.ts';
import { LedgerLogs } from './log/ledger-logs.ts';
import { LedgerDirectory } from './outside/ledger-directory.ts';
import { LedgerFault } from './state/ledger-fault.ts';
import { selectOfLog, type StoredTimestamp } from './timestamps/timestamp.repository.ts';

/** What was written again of a log. */
export interface RebuiltLog {
  readonly bank: string;
  readonly kind: LedgerLog['kind'];
  readonly heads: number;
}

/**
 * For a LEDGER_DIRECTORY that was lost, or restored from a backup of its own: writes the heads, tiles and timestamps that it lacks again,
 * from the database. Never by itself: until a bank or a witness compares a head of its own, the database's word is all there is.
 */
@Injectable()
export class LedgerRebuild {
  constructor(
    private readonly database: Database,
    private readonly logs: LedgerLogs,
    private readonly directory: LedgerDirectory,
  ) {}

  /**
   * Each head as it was signed. It can be interrupted and run again.
   * @throws LedgerFault `ahead` or `differs`, DirectoryFault, Malformed: where what is there contradicts the database
   */
  async run(): Promise<readonly RebuiltLog[]> {
    const rebuilt: RebuiltLog[] = [];
    for await (const log of this.logs.known())
      rebuilt.push({ bank: log.bank, kind: log.kind, heads: await this.#rebuild(log) });
    return rebuilt;
  }

  async #rebuild(log: LedgerLog): Promise<number> {
    await this.#claim(log);
    let heads = 0;
    for (let size = await this.#keptSize(log); ; heads += 1) {
      const head = await selectNext(this.database, log, size);
      if (!head) break;
      const { tiles } = await growTo(this.database, this.directory, log, size, head);
      await this.directory.publish(log.folder, { tiles, note: head.note });
      size = head.size;
    }
    await this.#keepTimestamps(log);
    return heads;
  }

  /** The id of the logs, for a database that is restored later. */
  async #claim({ bank, folder }: LedgerLog): Promise<void> {
    const [logId = ''] = folder.split('/');
    if ((await this.directory.claimLog(bank, logId)) !== logId) throw new LedgerFault('differs', folder);
  }

  async #keptSize(log: LedgerLog): Promise<number> {
    const kept = await this.directory.largestCheckpoint(log.folder);
    if (!kept) return 0;
    await checkKept(this.database, this.directory, log, kept);
    return kept.size;
  }

  async #keepTimestamps(log: LedgerLog): Promise<void> {
    let last: Pick<StoredTimestamp, 'size' | 'nth'> = { size: 0, nth: 0 };
    for (;;) {
      const page = await selectOfLog(this.database, log, last);
      for (const { size, nth, token } of page) await this.directory.keepTimestamp(log.folder, size, token, nth);
      const next = page.at(-1);
      if (!next) return;
      last = next;
    }
  }
}
