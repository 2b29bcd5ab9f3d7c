import { leafHash } from './merkle.ts';
import { CompactTree } from './compact-tree.ts';
import { TILE_WIDTH, tilePath } from './tile-path.ts';
import type { TileFile } from './tiles.ts';

/** The tiles of hashes that a log must have, in the memory of one tile for each level. */
export class ExpectedTiles {
  /** By level, the hashes after its last full tile. */
  readonly #rows: Buffer[][] = [];
  /** By level, how many full tiles there were. */
  readonly #full: number[] = [];

  /** Adds an entry. @returns the tiles that became full */
  append(entry: Uint8Array): readonly TileFile[] {
    return this.#push(0, leafHash(entry));
  }

  /** The tiles that are not full, in the tree of all entries so far. */
  partial(): readonly TileFile[] {
    return this.#rows.flatMap((row, level) => (row.length === 0 ? [] : [this.#tile(level, row)]));
  }

  #push(level: number, hash: Buffer): readonly TileFile[] {
    const row = (this.#rows[level] ??= []);
    row.push(hash);
    if (row.length < TILE_WIDTH) return [];
    const tile = this.#tile(level, row);
    const tree = new CompactTree();
    for (const each of row) tree.append(each);
    this.#rows[level] = [];
    this.#full[level] = (this.#full[level] ?? 0) + 1;
    return [tile, ...this.#push(level + 1, tree.root())];
  }

  #tile(level: number, row: readonly Buffer[]): TileFile {
    return { path: tilePath({ level, index: this.#full[level] ?? 0, width: row.length }), bytes: Buffer.concat(row) };
  }
}
