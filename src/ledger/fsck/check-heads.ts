import { Injectable } from '@nestjs/common';
import { Malformed } from '../../crypto/malformed.ts';
import { UnverifiedNote } from '../../crypto/tlog/note.ts';
import { rootOf } from '../../crypto/tlog/tiles.ts';
import { Database } from '../../database/database.ts';
import { selectLatest, selectNext, type StoredCheckpoint } from '../heads/checkpoint.repository.ts';
import { HeadSigner } from '../heads/head-signer.ts';
import type { LedgerLog } from '../log/ledger-log.ts';
import { DirectoryFault } from '../outside/directory-fault.ts';
import { LedgerDirectory } from '../outside/ledger-directory.ts';
import type { LogFault } from './fsck-fault.ts';
import { selectKnownSizes } from './fsck.repository.ts';

const PAGE = 1_000;

/** Compares the heads of a log in the database with those that are kept, and with the kept tiles. */
@Injectable()
export class HeadCheck {
  constructor(
    private readonly database: Database,
    private readonly directory: LedgerDirectory,
    private readonly signer: HeadSigner,
  ) {}

  /** The heads in the database, the smallest first. */
  async *heads(log: LedgerLog): AsyncGenerator<StoredCheckpoint> {
    for (let size = 0; ;) {
      const head = await selectNext(this.database, log, size);
      if (!head) return;
      yield head;
      size = head.size;
    }
  }

  /** @throws DirectoryFault */
  async *faultsOf(log: LedgerLog): AsyncGenerator<LogFault> {
    // In this order: a head is in the database before it is kept.
    const kept = await this.#largestKept(log);
    const [latest, published] = await selectLatest(this.database, log);
    if (published && kept === 0) {
      yield { fault: 'directory-lost' };
      return;
    }
    if (kept > (latest?.size ?? 0)) yield { fault: 'rolled-back', size: kept };
    for await (const head of this.heads(log))
      yield* await this.#faultsOfHead(log, head, head.size >= (latest?.size ?? 0));
    yield* this.#missing(log, latest?.size ?? 0);
  }

  async #largestKept(log: LedgerLog): Promise<number> {
    let largest = 0;
    for await (const size of this.directory.sizes(log.folder)) largest = Math.max(largest, size);
    return largest;
  }

  async #faultsOfHead(log: LedgerLog, head: StoredCheckpoint, isLatest: boolean): Promise<readonly LogFault[]> {
    const { size } = head;
    if (!this.#isSigned(log, Buffer.from(head.note), head)) return [{ fault: 'head-unsigned', size }];
    const kept = await this.directory.findCheckpoint(log.folder, size).catch((error: unknown) => {
      if (error instanceof Malformed) return 'malformed' as const;
      throw error;
    });
    // Its process may have died before it kept it; the next round does.
    if (!kept) return isLatest ? [] : [{ fault: 'head-not-kept', size }];
    if (kept === 'malformed' || !this.#isSigned(log, kept.note, kept)) return [{ fault: 'head-unsigned', size }];
    if (!kept.root.equals(head.root)) return [{ fault: 'two-heads', size }];
    return this.#faultsOfTiles(log, head);
  }

  async #faultsOfTiles(log: LedgerLog, { size, root }: StoredCheckpoint): Promise<readonly LogFault[]> {
    try {
      const ofTiles = await rootOf(this.directory.readTile(log.folder), size);
      return ofTiles.equals(root) ? [] : [{ fault: 'tile-changed', size }];
    } catch (error) {
      if (error instanceof Malformed) return [{ fault: 'tile-changed', size }];
      if (!(error instanceof DirectoryFault) || error.reason !== 'missing') throw error;
      return [{ fault: 'tile-missing', size, detail: error.file.slice(log.folder.length + 1) }];
    }
  }

  #isSigned(log: LedgerLog, note: Buffer, stated: { readonly size: number; readonly root: Buffer }): boolean {
    try {
      const head = this.signer.open(log.origin, note);
      return head.size === stated.size && head.root.equals(stated.root);
    } catch (error) {
      if (error instanceof UnverifiedNote || error instanceof Malformed) return false;
      throw error;
    }
  }

  async *#missing(log: LedgerLog, largest: number): AsyncGenerator<LogFault> {
    let page: number[] = [];
    const faults = async (): Promise<readonly LogFault[]> => {
      const known = await selectKnownSizes(this.database, log, page);
      return page.filter((size) => !known.has(size)).map((size) => ({ fault: 'head-missing', size }) as const);
    };
    for await (const size of this.directory.sizes(log.folder)) {
      if (size <= largest) page.push(size);
      if (page.length < PAGE) continue;
      yield* await faults();
      page = [];
    }
    yield* await faults();
  }
}
