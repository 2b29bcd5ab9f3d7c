import { Injectable } from '@nestjs/common';
import { Malformed } from '../../crypto/malformed.ts';
import { UnverifiedNote } from '../../crypto/tlog/note.ts';
import type { Checkpoint } from '../../crypto/tlog/checkpoint.ts';
import { rootOf } from '../../crypto/tlog/tiles.ts';
import { Database, type Scope } from '../../database/database.ts';
import type { LedgerLog } from '../log/ledger-log.ts';
import { LedgerDirectory, type KeptCheckpoint } from '../outside/ledger-directory.ts';
import { selectCheckpoint, selectLatest } from './checkpoint.repository.ts';
import { HeadSigner } from './head-signer.ts';
import { LedgerFault } from '../state/ledger-fault.ts';

/** Compares what is kept outside with the database, before anything more is signed. */
@Injectable()
export class KeptHeads {
  constructor(
    private readonly database: Database,
    private readonly directory: LedgerDirectory,
    private readonly signer: HeadSigner,
  ) {}

  /**
   * The largest head that is kept.
   * @throws LedgerFault where the database has another one, or none, of this size, or more than the one that was not kept yet
   * @throws DirectoryFault
   */
  async findHead(log: LedgerLog): Promise<KeptCheckpoint | undefined> {
    const [, published] = await selectLatest(this.database, log);
    const note = await this.directory.largestCheckpoint(log.folder, published?.size);
    const kept = note && this.#open(log, note);
    if (kept) await checkKept(this.database, this.directory, log, kept);
    if (published && published.size > (kept?.size ?? 0)) throw new LedgerFault('behind', log.folder);
    return note;
  }

  #open(log: LedgerLog, { note }: KeptCheckpoint): Checkpoint {
    try {
      return this.signer.open(log.origin, note);
    } catch (error) {
      if (!(error instanceof UnverifiedNote) && !(error instanceof Malformed)) throw error;
      throw new LedgerFault('differs', log.folder);
    }
  }
}

/** Compares a head that is kept with that of the database and with the kept tiles. @throws LedgerFault, DirectoryFault */
export async function checkKept(
  scope: Scope,
  directory: LedgerDirectory,
  log: LedgerLog,
  { size, root }: Checkpoint,
): Promise<void> {
  const stored = await selectCheckpoint(scope, log, size);
  if (!stored) throw new LedgerFault('ahead', log.folder);
  const ofTiles = await rootOf(directory.readTile(log.folder), size);
  if (!stored.root.equals(root) || !ofTiles.equals(root)) throw new LedgerFault('differs', log.folder);
}
