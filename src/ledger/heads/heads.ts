import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.ts';
import type { LedgerLog } from '../log/ledger-log.ts';
import { LedgerDirectory } from '../outside/ledger-directory.ts';
import {
  insertCheckpoint,
  isHeadDue,
  selectCheckpoint,
  selectNext,
  tryTurn,
  type StoredCheckpoint,
} from './checkpoint.repository.ts';
import { grow, growTo, nextLeaves, type Growth } from './growth.ts';
import { HeadSigner } from './head-signer.ts';
import { KeptHeads } from './kept-heads.ts';
import { LedgerFault } from '../state/ledger-fault.ts';

/** How many leaves one head adds at most, so that memory stays flat; another one follows at once. */
export const MAX_GROWTH = 65_536;

/**
 * Signs and publishes the heads of a log. The folder is the state: a head goes on from the largest one that is kept there, reads the
 * tiles at the right edge of its tree and the leaves after it, and so costs the same however large the tree is. Its row in the
 * database is what makes it one note: it is committed before anything is written outside, and after a crash the same note is written
 * again. Then the tiles, then the note; readers see it only after that.
 */
@Injectable()
export class Heads {
  constructor(
    private readonly database: Database,
    private readonly directory: LedgerDirectory,
    private readonly kept: KeptHeads,
    private readonly signer: HeadSigner,
  ) {}

  /**
   * Publishes the head that is stored but not kept, or else signs the next one, if the log has grown and its last head is as old as
   * `intervalSeconds`. It does nothing while another instance has its turn.
   * @returns how many leaves it added
   * @throws LedgerFault, DirectoryFault, and then it has signed nothing
   */
  async advance(log: LedgerLog, intervalSeconds: number): Promise<number> {
    return this.database.inTransaction(async (tx) => {
      if (!(await tryTurn(tx, log))) return 0;
      const kept = await this.kept.findHead(log);
      // Its writer may have died before it showed it.
      if (kept) await this.directory.showNewest(log.folder, kept.note.toString());
      const from = kept?.size ?? 0;
      const waiting = await selectNext(this.database, log, from);
      const head = waiting ? await this.#again(log, from, waiting) : await this.#next(log, from, intervalSeconds);
      if (!head) return 0;
      // A writer that was held up for long may have lost its turn, and with it the right to show its head as the newest.
      if (!(await tryTurn(tx, log))) return 0;
      await this.directory.publish(log.folder, { tiles: head.growth.tiles, note: head.note });
      return head.growth.size - from;
    });
  }

  /** A head whose signer died before it was kept. */
  async #again(log: LedgerLog, from: number, stored: StoredCheckpoint): Promise<Head> {
    return { growth: await growTo(this.database, this.directory, log, from, stored), note: stored.note };
  }

  async #next(log: LedgerLog, from: number, intervalSeconds: number): Promise<Head | undefined> {
    const leaves = await nextLeaves(this.database, log, from, MAX_GROWTH);
    if (leaves.length === 0 || (leaves.length < MAX_GROWTH && !(await isHeadDue(this.database, log, intervalSeconds))))
      return undefined;
    const growth = await grow(this.directory, log, from, leaves);
    const { size, root } = growth;
    const note = await this.signer.sign({ origin: log.origin, size, root });
    await insertCheckpoint(this.database, log, { size, root, note });
    const stored = await selectCheckpoint(this.database, log, size);
    if (!stored?.root.equals(root)) throw new LedgerFault('differs', log.folder);
    return { growth, note: stored.note };
  }
}

interface Head {
  readonly growth: Growth;
  readonly note: string;
}
