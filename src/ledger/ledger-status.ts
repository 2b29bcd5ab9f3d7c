import { Injectable } from '@nestjs/common';
import { formatVerifierKey } from '../crypto/tlog/verifier-key.ts';
import { Database } from '../database/database.ts';
import { selectLatest } from './heads/checkpoint.repository.ts';
import { HeadSigner } from './heads/head-signer.ts';
import { selectLastNumber } from './log/last-number.repository.ts';
import type { LedgerLog, LogKind } from './log/ledger-log.ts';
import { LedgerLogs } from './log/ledger-logs.ts';
import { DirectoryFault } from './outside/directory-fault.ts';
import { LedgerDirectory } from './outside/ledger-directory.ts';
import { selectCosignaturesOfHead } from './witnesses/cosignature.repository.ts';

/** How a log is, and what a bank needs to follow it. */
export interface LogStatus {
  readonly bank: string;
  readonly log: LogKind;
  /** The first line of its checkpoints. */
  readonly origin: string;
  /** The verifier keys of its checkpoints, that which signs first (C2SP signed-note). */
  readonly keys: readonly string[];
  /** How many leaves have a number. */
  readonly leaves: number;
  /** The newest head in the database. */
  readonly head?: { readonly size: number; readonly cosignedBy: readonly string[] };
  /** The size of the largest head in LEDGER_DIRECTORY, or why it cannot be read. */
  readonly kept: number | string;
}

/** Tells how the logs are. It compares nothing: that is `sigill ledger fsck`. */
@Injectable()
export class LedgerStatus {
  constructor(
    private readonly database: Database,
    private readonly logs: LedgerLogs,
    private readonly directory: LedgerDirectory,
    private readonly signer: HeadSigner,
  ) {}

  /** The logs of all banks; none for a bank that has had no evidence. */
  async read(): Promise<readonly LogStatus[]> {
    const logs: LogStatus[] = [];
    for await (const log of this.logs.known()) logs.push(await this.#read(log));
    return logs;
  }

  async #read(log: LedgerLog): Promise<LogStatus> {
    const { bank, kind, origin } = log;
    const [head] = await selectLatest(this.database, log);
    const cosignatures = head ? await selectCosignaturesOfHead(this.database, log, head.size) : [];
    const cosignedBy = cosignatures.map(({ witness }) => witness);
    return {
      bank,
      log: kind,
      origin,
      keys: this.signer.keysOf(origin).map(formatVerifierKey),
      leaves: await selectLastNumber(this.database, bank, kind),
      ...(head && { head: { size: head.size, cosignedBy } }),
      kept: await this.#kept(log),
    };
  }

  async #kept({ folder }: LedgerLog): Promise<number | string> {
    try {
      return (await this.directory.largestCheckpoint(folder))?.size ?? 0;
    } catch (error) {
      if (error instanceof DirectoryFault) return error.reason;
      throw error;
    }
  }
}
