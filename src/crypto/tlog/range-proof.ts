import { CompactTree } from './compact-tree.ts';
import { HASH_SIZE, isCount, isSame, leafHash, wholeSubtrees, type Subtree } from './merkle.ts';
import { subtreeHashes, type ReadTile } from './tiles.ts';

/** Leaves that follow each other in a tree. */
export interface LeafRange {
  /** The index of the first, from zero. */
  readonly begin: number;
  /** The index after the last. */
  readonly end: number;
  /** How many leaves the tree has. */
  readonly size: number;
}

/** What leads, with all leaves of a range, to the root of its tree: roots of whole subtrees, 32 octets each, in their order. */
export interface RangeProof {
  /** Over the leaves before the range. */
  readonly left: readonly Uint8Array[];
  /** Over those behind it. */
  readonly right: readonly Uint8Array[];
}

/**
 * The proof of a range: of all that is not in it, the fewest hashes from which the root follows. It is the compact range of
 * transparency-dev/merkle, complemented: there a range of leaves is kept as the roots of the whole subtrees that it consists of,
 * and ranges that touch are merged; here the leaves before and behind the proved ones are such ranges, and merging all three
 * gives the tree. At most two hashes for each level of the tree, however many leaves are proved.
 * @throws RangeError where the tree has no such range
 * @throws Malformed where a tile has another length
 */
export async function rangeProof(readTile: ReadTile, range: LeafRange): Promise<RangeProof> {
  if (!isRange(range)) throw new RangeError('no such range in this tree');
  const { begin, end, size } = range;
  return {
    left: await subtreeHashes(readTile, size, wholeSubtrees(0, begin)),
    right: await subtreeHashes(readTile, size, wholeSubtrees(end, size)),
  };
}

/**
 * Takes the entries of a range one after the other, and says whether they, and no others, are its leaves in the tree with a root. The
 * shape of the computation follows from the range alone, so what leads to the root is what was hashed into it.
 */
export class RangeVerifier {
  readonly #range: LeafRange;
  readonly #proof: RangeProof;
  readonly #tree = new CompactTree();
  #isSound: boolean;

  constructor(range: LeafRange, proof: RangeProof) {
    this.#range = range;
    this.#proof = proof;
    this.#isSound = isRange(range) && this.#append(wholeSubtrees(0, range.begin), proof.left);
  }

  /** @param entry what the leaf is the hash of */
  append(entry: Uint8Array): void {
    if (this.#tree.size >= this.#range.end) this.#isSound = false;
    if (this.#isSound) this.#tree.append(leafHash(entry));
  }

  /** Call it once, after the last entry. @param root 32 octets */
  leadsTo(root: Uint8Array): boolean {
    const { end, size } = this.#range;
    if (!this.#isSound || this.#tree.size !== end || root.length !== HASH_SIZE) return false;
    return this.#append(wholeSubtrees(end, size), this.#proof.right) && isSame(this.#tree.root(), root);
  }

  #append(subtrees: readonly Subtree[], hashes: readonly Uint8Array[]): boolean {
    if (hashes.length !== subtrees.length || hashes.some(({ length }) => length !== HASH_SIZE)) return false;
    for (const [at, { leaves }] of subtrees.entries()) this.#tree.appendSubtree(Buffer.from(hashes[at] ?? []), leaves);
    return true;
  }
}

function isRange({ begin, end, size }: LeafRange): boolean {
  return [begin, end, size].every(isCount) && begin < end && end <= size;
}
