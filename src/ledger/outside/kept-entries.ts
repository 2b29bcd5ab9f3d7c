import { Malformed } from '../../crypto/malformed.ts';
import { isSame, leafHash } from '../../crypto/tlog/merkle.ts';
import { TILE_WIDTH, tilePath } from '../../crypto/tlog/tile-path.ts';
import { hashesOf, parseBundle, type ReadTile } from '../../crypto/tlog/tiles.ts';

/** Entries that follow each other. */
export interface EntryRun {
  /** The index of the first, from zero. */
  readonly from: number;
  readonly entries: readonly Buffer[];
}

/**
 * The entries of a kept tree from an index on, each of which has the hash that the tile of leaves has.
 * @throws DirectoryFault; Malformed where a bundle is none, or is not that of its tile
 */
export async function* keptEntries(readTile: ReadTile, from: number, size: number): AsyncGenerator<EntryRun> {
  for (let index = Math.floor(from / TILE_WIDTH); index * TILE_WIDTH < size; index += 1) {
    const first = index * TILE_WIDTH;
    const width = Math.min(TILE_WIDTH, size - first);
    const entries = parseBundle(await readTile(tilePath({ level: 'entries', index, width })), width);
    const hashes = hashesOf(await readTile(tilePath({ level: 0, index, width })), width);
    if (!hashes.every((hash, at) => isSame(hash, leafHash(entries[at] ?? Buffer.alloc(0)))))
      throw new Malformed('entries that are not those of their tile');
    const skipped = Math.max(0, from - first);
    yield { from: first + skipped, entries: entries.slice(skipped) };
  }
}
