import { Injectable } from '@nestjs/common';
import { Clients } from '../../clients/clients.ts';
import { OpenRequests, type Caller } from '../../client-auth/access.ts';
import { Malformed } from '../../crypto/malformed.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { LogKind } from '../log/ledger-log.ts';
import { LedgerLogs } from '../log/ledger-logs.ts';
import { DirectoryFault } from '../outside/directory-fault.ts';
import { LedgerDirectory } from '../outside/ledger-directory.ts';

/**
 * The files of the logs, as they are kept: a head is shown only after it and its tiles are, so nothing is ever served that is not. A log
 * is its bank's and its auditors', or everybody's where the bank has said so.
 */
@Injectable()
export class ServedLogs {
  constructor(
    private readonly logs: LedgerLogs,
    private readonly directory: LedgerDirectory,
    private readonly clients: Clients,
    open: OpenRequests,
  ) {
    open.add('public-log', async ({ params }) => {
      const bank = await this.#findBank(String(params['logId']));
      return bank !== undefined && this.#isPublic(bank);
    });
  }

  /**
   * The newest head that is kept, with the signatures of witnesses.
   * @throws DomainError `ledger.not-found`, also for a log that the caller may not read; `ledger.unavailable`
   */
  async readCheckpoint(logId: string, kind: LogKind, caller: Caller | undefined): Promise<Buffer> {
    const folder = await this.#open(logId, kind, caller);
    return read(async () => (await this.directory.findNewest(folder))?.note);
  }

  /**
   * A tile, or a bundle of entries.
   * @param path below `tile/`
   * @throws DomainError `ledger.not-found`, `ledger.unavailable`
   */
  async readTile(logId: string, kind: LogKind, path: string, caller: Caller | undefined): Promise<Buffer> {
    const folder = await this.#open(logId, kind, caller);
    return read(() => this.directory.findTile(folder, `tile/${path}`));
  }

  /** The folder of a log that the caller may read. */
  async #open(logId: string, kind: LogKind, caller: Caller | undefined): Promise<string> {
    const bank = await this.#findBank(logId);
    if (bank === undefined || (caller?.bank !== bank && !this.#isPublic(bank)))
      throw new DomainError('ledger.not-found');
    const log = await this.logs.findLog(bank, kind);
    if (!log) throw new DomainError('ledger.not-found');
    return log.folder;
  }

  async #findBank(logId: string): Promise<string | undefined> {
    return LOG_ID.test(logId) ? this.logs.findBank(logId) : undefined;
  }

  #isPublic(bank: string): boolean {
    return this.clients.findClient(bank)?.ledger?.public === true;
  }
}

const LOG_ID = /^[a-z2-7]{26}$/;

async function read(find: () => Promise<Buffer | undefined>): Promise<Buffer> {
  try {
    const bytes = await find();
    if (bytes) return bytes;
  } catch (error) {
    if (error instanceof DirectoryFault) throw new DomainError('ledger.unavailable', { cause: error });
    if (!(error instanceof Malformed)) throw error;
  }
  throw new DomainError('ledger.not-found');
}
