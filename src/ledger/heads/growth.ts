import { newTiles, rootOf, withFiles, type TileFile } from '../../crypto/tlog/tiles.ts';
import type { Scope } from '../../database/database.ts';
import type { LedgerLog } from '../log/ledger-log.ts';
import type { LedgerDirectory } from '../outside/ledger-directory.ts';
import { LedgerFault } from '../state/ledger-fault.ts';
import type { StoredCheckpoint } from './checkpoint.repository.ts';
import { selectLeaves, type Leaf } from './leaf.repository.ts';

/** What a head adds to the tree. */
export interface Growth {
  readonly size: number;
  readonly root: Buffer;
  readonly tiles: readonly TileFile[];
}

/** The leaves after the first `from`, `limit` at most. @throws LedgerFault where one is missing between them */
export async function nextLeaves(scope: Scope, log: LedgerLog, from: number, limit: number): Promise<readonly Leaf[]> {
  const leaves = await selectLeaves(scope, log, from, limit);
  if (leaves.some(({ number }, at) => number !== from + at + 1)) throw new LedgerFault('differs', log.folder);
  return leaves;
}

/** The tree that is kept, of `from` leaves, with these after them. @throws DirectoryFault, Malformed */
export async function grow(
  directory: LedgerDirectory,
  log: LedgerLog,
  from: number,
  leaves: readonly Leaf[],
): Promise<Growth> {
  const readTile = directory.readTile(log.folder);
  const digests = leaves.map(({ digest }) => digest);
  const tiles = await newTiles(readTile, from, digests);
  const size = from + leaves.length;
  return { size, tiles, root: await rootOf(withFiles(readTile, tiles), size) };
}

/**
 * The tree that is kept, of `from` leaves, as it was when a larger head was signed.
 * @throws LedgerFault where the leaves are not those of that head
 */
export async function growTo(
  scope: Scope,
  directory: LedgerDirectory,
  log: LedgerLog,
  from: number,
  head: StoredCheckpoint,
): Promise<Growth> {
  const leaves = await nextLeaves(scope, log, from, head.size - from);
  if (leaves.length !== head.size - from) throw new LedgerFault('differs', log.folder);
  const growth = await grow(directory, log, from, leaves);
  if (!growth.root.equals(head.root)) throw new LedgerFault('differs', log.folder);
  return growth;
}
