import { Injectable } from '@nestjs/common';
import { Malformed } from '../crypto/malformed.ts';
import type { Checkpoint } from '../crypto/tlog/checkpoint.ts';
import { UnverifiedNote } from '../crypto/tlog/note.ts';
import { CompactTree } from '../crypto/tlog/compact-tree.ts';
import { leafHash } from '../crypto/tlog/merkle.ts';
import { rootOf } from '../crypto/tlog/tiles.ts';
import { Database } from '../database/database.ts';
import { insertCheckpoint, selectLatest } from './heads/checkpoint.repository.ts';
import { HeadSigner } from './heads/head-signer.ts';
import { selectLeaves } from './heads/leaf.repository.ts';
import { selectLastNumber } from './log/last-number.repository.ts';
import { logKinds, type LedgerLog, type LogKind } from './log/ledger-log.ts';
import { LedgerLogs } from './log/ledger-logs.ts';
import { keptEntries, type EntryRun } from './outside/kept-entries.ts';
import { DirectoryFault } from './outside/directory-fault.ts';
import { LedgerDirectory } from './outside/ledger-directory.ts';
import { insertKept, type Taken } from './recovery/kept-leaf.repository.ts';
import { lockBank } from './sequencer/sequence.repository.ts';
import { LedgerFault } from './state/ledger-fault.ts';

/** What a log took from LEDGER_DIRECTORY. */
export interface LogRecovery extends Taken {
  readonly bank: string;
  readonly kind: LedgerLog['kind'];
  /** How many leaves the largest kept head has; 0 where none is kept, or it cannot be read. */
  readonly size: number;
  /** Why nothing, or not all, was taken: what the database has contradicts what is kept, or that cannot be read. */
  readonly refused?: string;
}

/**
 * For a database that was set back: takes what it lost of the logs from LEDGER_DIRECTORY, so that they go on where they were. It adds
 * rows and changes none. Nothing of it can be done while what the database has contradicts what is kept.
 */
@Injectable()
export class LedgerRecovery {
  constructor(
    private readonly database: Database,
    private readonly directory: LedgerDirectory,
    private readonly logs: LedgerLogs,
    private readonly signer: HeadSigner,
  ) {}

  /**
   * Takes the numbers and heads that are missing here, in all logs of all banks. A log that takes nothing holds up no other. It can
   * be interrupted and run again.
   */
  async run(): Promise<readonly LogRecovery[]> {
    const recoveries: LogRecovery[] = [];
    for (const bank of await this.logs.banks())
      for (const kind of logKinds) recoveries.push(await this.#recoverOrRefuse(bank, kind));
    return recoveries;
  }

  async #recoverOrRefuse(bank: string, kind: LogKind): Promise<LogRecovery> {
    try {
      return await this.#recover(await this.logs.openLog(bank, kind));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return { bank, kind, size: 0, lost: 0, found: 0, refused: error.message };
    }
  }

  async #recover(log: LedgerLog): Promise<LogRecovery> {
    const { bank, kind } = log;
    const kept = await this.directory.largestCheckpoint(log.folder);
    const [latest] = await selectLatest(this.database, log);
    if (!kept || (latest && latest.size > kept.size)) return { bank, kind, size: kept?.size ?? 0, lost: 0, found: 0 };
    await this.#open(log, kept.note);
    if (latest && !(await this.#rootOf(log, latest.size)).equals(latest.root))
      throw new LedgerFault('differs', log.folder);
    await this.#checkEntries(log, latest?.size ?? 0, kept);
    const taken = await this.#takeLeaves(log, latest?.size ?? 0, kept.size);
    await this.#takeHeads(log, latest?.size ?? 0);
    return { bank, kind, size: kept.size, ...taken };
  }

  /** Before any is taken: the entries after the last head that both have are those of the kept one. */
  async #checkEntries(log: LedgerLog, from: number, { size, root }: Checkpoint): Promise<void> {
    const readTile = this.directory.readTile(log.folder);
    const tree = await CompactTree.fromTiles(readTile, from);
    for await (const { entries } of keptEntries(readTile, from, size))
      for (const entry of entries) tree.append(leafHash(entry));
    if (!tree.root().equals(root)) throw new LedgerFault('differs', log.folder);
  }

  /** From the last head that both have on, leaf by leaf. */
  async #takeLeaves(log: LedgerLog, from: number, size: number): Promise<Taken> {
    const sum = { lost: 0, found: 0 };
    for await (const run of keptEntries(this.directory.readTile(log.folder), from, size)) {
      const { lost, found } = await this.#takeRun(log, run);
      sum.lost += lost;
      sum.found += found;
    }
    return sum;
  }

  async #takeRun(log: LedgerLog, { from, entries }: EntryRun): Promise<Taken> {
    return this.database.inTransaction(async (tx) => {
      await lockBank(tx, log.bank);
      const last = await selectLastNumber(tx, log.bank, log.kind);
      const there = await selectLeaves(tx, log, from, entries.length);
      const isKept = there.every(({ number, digest }, at) => number === from + at + 1 && entries[at]?.equals(digest));
      if (!isKept || (there.length < entries.length && last > from + there.length))
        throw new LedgerFault('differs', log.folder);
      return insertKept(tx, log, from + there.length + 1, entries.slice(there.length));
    });
  }

  /** The smallest first: where it is interrupted, the next run goes on from the largest that it has taken. */
  async #takeHeads(log: LedgerLog, above: number): Promise<void> {
    const sizes: number[] = [];
    for await (const size of this.directory.sizes(log.folder)) if (size > above) sizes.push(size);
    for (const size of sizes.sort((one, other) => one - other)) {
      const kept = await this.directory.findCheckpoint(log.folder, size);
      if (!kept) continue;
      const { root } = await this.#open(log, kept.note);
      await insertCheckpoint(this.database, log, { size, root, note: kept.note.toString() });
    }
  }

  /** A head of this log, signed by our key over the tree that is kept. */
  async #open(log: LedgerLog, note: Buffer): Promise<Checkpoint> {
    const head = this.signer.open(log.origin, note);
    if (!(await this.#rootOf(log, head.size)).equals(head.root)) throw new LedgerFault('differs', log.folder);
    return head;
  }

  #rootOf(log: LedgerLog, size: number): Promise<Buffer> {
    return rootOf(this.directory.readTile(log.folder), size);
  }
}

function isRefusal(error: unknown): error is Error {
  return [LedgerFault, DirectoryFault, Malformed, UnverifiedNote].some((kind) => error instanceof kind);
}
