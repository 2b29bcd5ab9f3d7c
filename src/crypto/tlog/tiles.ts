import { Malformed } from '../malformed.ts';
import { HASH_SIZE, emptyRoot, isCount, leafHash, nodeHash, wholeSubtrees, type Subtree } from './merkle.ts';
import { TILE_WIDTH, tilePath, tilesBetween, type Tile } from './tile-path.ts';

/**
 * Reads a file of a log by its path under the log's prefix, e.g. `tile/0/000.p/7`. Tiles are read as they are needed: what is
 * asked for stands in the tree whose size the caller named.
 */
export type ReadTile = (path: string) => Promise<Uint8Array>;

/** A tile or a bundle of entries to write. */
export interface TileFile {
  readonly path: string;
  readonly bytes: Buffer;
}

const TILE_HEIGHT = 8;

/**
 * The audit path of the leaf at `index` (from zero) in the tree of `size` leaves, from the leaf's sibling upwards.
 * @throws RangeError where the tree has no such leaf
 * @throws Malformed where a tile has another length
 * @see RFC 6962 §2.1.1
 */
export async function inclusionProof(readTile: ReadTile, index: number, size: number): Promise<Buffer[]> {
  if (!isCount(index) || !isCount(size) || index >= size) throw new RangeError('no such leaf in this tree');
  const tree = new TiledTree(readTile, size);
  const path: Buffer[] = [];
  for (let [from, to] = [0, size]; to - from > 1;) {
    const middle = from + split(to - from);
    path.push(index < middle ? await tree.hash(middle, to) : await tree.hash(from, middle));
    [from, to] = index < middle ? [from, middle] : [middle, to];
  }
  return path.reverse();
}

/**
 * The proof that the tree of `older` leaves is the beginning of the tree of `newer` leaves; without hashes where the older
 * one is empty or as large.
 * @throws RangeError where the older tree is the larger one
 * @throws Malformed where a tile has another length
 * @see RFC 6962 §2.1.2
 */
export async function consistencyProof(readTile: ReadTile, older: number, newer: number): Promise<Buffer[]> {
  if (!isCount(older) || !isCount(newer) || older > newer) throw new RangeError('not the size of an older tree');
  if (older === 0 || older === newer) return [];
  const tree = new TiledTree(readTile, newer);
  const path: Buffer[] = [];
  let [from, to] = [0, newer];
  while (to !== older) {
    const middle = from + split(to - from);
    path.push(older <= middle ? await tree.hash(middle, to) : await tree.hash(from, middle));
    [from, to] = older <= middle ? [from, middle] : [middle, to];
  }
  if (from > 0) path.push(await tree.hash(from, to));
  return path.reverse();
}

/** The root of the tree of `size` leaves, from O(log size) tiles. @throws Malformed where a tile has another length */
export async function rootOf(readTile: ReadTile, size: number): Promise<Buffer> {
  if (!isCount(size)) throw new RangeError('not the size of a tree');
  return size === 0 ? emptyRoot : new TiledTree(readTile, size).hash(0, size);
}

/** The roots of the whole subtrees that the tree of `size` leaves consists of, the largest first. @throws Malformed where a tile has another length */
export async function edgeOf(readTile: ReadTile, size: number): Promise<readonly Buffer[]> {
  if (!isCount(size)) throw new RangeError('not the size of a tree');
  return subtreeHashes(readTile, size, wholeSubtrees(0, size));
}

/** The roots of whole subtrees of the tree of `size` leaves, in their order. @throws Malformed where a tile has another length */
export async function subtreeHashes(
  readTile: ReadTile,
  size: number,
  subtrees: readonly Subtree[],
): Promise<readonly Buffer[]> {
  const tree = new TiledTree(readTile, size);
  const hashes: Buffer[] = [];
  for (const { from, leaves } of subtrees) hashes.push(await tree.hash(from, from + leaves));
  return hashes;
}

/**
 * What is written when the tree of `size` leaves grows by `entries`: the tiles and bundles of entries that the larger tree
 * has and the smaller one has not. Reads at most one tile of each level and one bundle.
 * @throws Malformed where a tile has another length
 */
export async function newTiles(
  readTile: ReadTile,
  size: number,
  entries: readonly Uint8Array[],
): Promise<readonly TileFile[]> {
  if (!isCount(size) || !isCount(size + entries.length)) throw new RangeError('not the size of a tree');
  const files: TileFile[] = [];
  const bundle = size % TILE_WIDTH;
  const path = tilePath({ level: 'entries', index: Math.floor(size / TILE_WIDTH), width: bundle });
  const begun = bundle > 0 && entries.length > 0 ? parseBundle(await readTile(path), bundle) : [];
  let hashes: readonly Uint8Array[] = entries.map((entry) => leafHash(entry));
  let before = size;
  const tiles = tilesBetween(size, size + entries.length);
  files.push(
    ...fill(
      tiles.filter(({ level }) => level === 'entries'),
      [...begun, ...entries].map(prefixed),
    ),
  );
  for (let level = 0; hashes.length > 0; level += 1) {
    const known = before % TILE_WIDTH;
    const tile: Tile = { level, index: Math.floor(before / TILE_WIDTH), width: known };
    const row = [...(known > 0 ? hashesOf(await readTile(tilePath(tile)), known) : []), ...hashes];
    files.push(
      ...fill(
        tiles.filter((each) => each.level === level),
        row,
      ),
    );
    hashes = rootsOfFull(row);
    before = tile.index;
  }
  return files;
}

/** A reader that has these files too: the tree as it will be, before it is written. */
export function withFiles(readTile: ReadTile, files: readonly TileFile[]): ReadTile {
  const written = new Map(files.map(({ path, bytes }) => [path, bytes]));
  return async (path) => written.get(path) ?? readTile(path);
}

/**
 * The entries of a bundle, each of which has its length before it as two octets.
 * @throws Malformed where it does not hold exactly `width` of them
 * @see C2SP tlog-tiles, *Log entries*
 */
export function parseBundle(bytes: Uint8Array, width: number): Buffer[] {
  const octets = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Buffer[] = [];
  let at = 0;
  while (at < octets.length) {
    const from = at + 2;
    const to = from <= octets.length ? from + octets.readUInt16BE(at) : Infinity;
    if (to > octets.length) throw new Malformed('a bundle of entries that ends within an entry');
    entries.push(octets.subarray(from, to));
    at = to;
  }
  if (entries.length !== width) throw new Malformed('a bundle with another number of entries');
  return entries;
}

/** The hashes of a tile of this width. @throws Malformed where it has another length */
export function hashesOf(bytes: Uint8Array, width: number): Buffer[] {
  if (bytes.length !== width * HASH_SIZE) throw new Malformed('a tile of another length');
  const octets = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: width }, (_, at) => octets.subarray(at * HASH_SIZE, (at + 1) * HASH_SIZE));
}

/** Computes hashes over ranges of leaves. It reads each tile once. */
class TiledTree {
  readonly #tiles = new Map<string, Promise<Buffer[]>>();

  // Fields, because a worker thread may load this file with its types only stripped.
  readonly #readTile: ReadTile;
  readonly #size: number;

  constructor(readTile: ReadTile, size: number) {
    this.#readTile = readTile;
    this.#size = size;
  }

  /** The root over the leaves from `from` to before `to`, a range that RFC 6962 §2.1 divides this tree into. */
  async hash(from: number, to: number): Promise<Buffer> {
    const leaves = to - from;
    const left = leaves === 1 ? 1 : split(leaves);
    if (leaves === 1 || left * 2 === leaves) return this.#whole(from, leaves);
    return nodeHash(await this.#whole(from, left), await this.hash(from + left, to));
  }

  /** The root over `leaves` leaves, a power of two, which all stand under hashes of one tile. */
  async #whole(from: number, leaves: number): Promise<Buffer> {
    const level = Math.floor(Math.log2(leaves) / TILE_HEIGHT);
    const each = TILE_WIDTH ** level;
    const first = from / each;
    const index = Math.floor(first / TILE_WIDTH);
    const hashes = await this.#tile(level, index, Math.floor(this.#size / each) - index * TILE_WIDTH);
    const at = first % TILE_WIDTH;
    return rootOver(hashes.slice(at, at + leaves / each));
  }

  #tile(level: number, index: number, hashes: number): Promise<Buffer[]> {
    const width = Math.min(TILE_WIDTH, hashes);
    const path = tilePath({ level, index, width });
    const tile = this.#tiles.get(path) ?? this.#readTile(path).then((bytes) => hashesOf(bytes, width));
    this.#tiles.set(path, tile);
    return tile;
  }
}

/** The largest power of two below a number that is two or more. */
function split(leaves: number): number {
  let power = 1;
  while (power * 2 < leaves) power *= 2;
  return power;
}

/** The root over as many hashes as a power of two. */
function rootOver(hashes: readonly Uint8Array[]): Buffer {
  let row = hashes;
  while (row.length > 1)
    row = Array.from({ length: row.length / 2 }, (_, at) => nodeHash(hashAt(row, at * 2), hashAt(row, at * 2 + 1)));
  return Buffer.from(hashAt(row, 0));
}

function rootsOfFull(row: readonly Uint8Array[]): Buffer[] {
  const full = Math.floor(row.length / TILE_WIDTH);
  return Array.from({ length: full }, (_, at) => rootOver(row.slice(at * TILE_WIDTH, (at + 1) * TILE_WIDTH)));
}

function fill(tiles: readonly Tile[], row: readonly Uint8Array[]): TileFile[] {
  const first = tiles[0]?.index ?? 0;
  return tiles.map((tile) => {
    const from = (tile.index - first) * TILE_WIDTH;
    return { path: tilePath(tile), bytes: Buffer.concat(row.slice(from, from + tile.width)) };
  });
}

function prefixed(entry: Uint8Array): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(entry.length);
  return Buffer.concat([length, entry]);
}

function hashAt(row: readonly Uint8Array[], at: number): Uint8Array {
  const found = row[at];
  if (!found) throw new RangeError('a tile has no such hash');
  return found;
}
