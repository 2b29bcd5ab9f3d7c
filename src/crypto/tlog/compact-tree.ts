import { emptyRoot, nodeHash } from './merkle.ts';
import { edgeOf, type ReadTile } from './tiles.ts';

/** A tree that grows in the memory of its right edge: the roots of its whole subtrees, the largest first. */
export class CompactTree {
  readonly #edge: Buffer[];
  #size: number;

  constructor(size = 0, edge: readonly Buffer[] = []) {
    this.#size = size;
    this.#edge = [...edge];
  }

  /** The tree of `size` leaves, from its tiles. @throws Malformed where a tile has another length */
  static async fromTiles(readTile: ReadTile, size: number): Promise<CompactTree> {
    return new CompactTree(size, await edgeOf(readTile, size));
  }

  get size(): number {
    return this.#size;
  }

  /** @param leaf a leaf's hash */
  append(leaf: Buffer): void {
    this.appendSubtree(leaf, 1);
  }

  /**
   * @param root of a subtree that begins behind the last leaf
   * @param leaves how many it has: a power of two, of which the size is a multiple
   */
  appendSubtree(root: Buffer, leaves: number): void {
    let hash = root;
    // As many subtrees become one as the place of this one, among those of its size, has ones at its end.
    for (let place = this.#size / leaves; place % 2 === 1; place = (place - 1) / 2)
      hash = nodeHash(this.#edge.pop() ?? hash, hash);
    this.#edge.push(hash);
    this.#size += leaves;
  }

  /** The root of RFC 6962 §2.1. */
  root(): Buffer {
    const last = this.#edge.at(-1);
    if (!last) return emptyRoot;
    return this.#edge.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last);
  }
}
