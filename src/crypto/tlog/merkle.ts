import { hash, timingSafeEqual } from 'node:crypto';

/** Octets of a SHA-256 hash. */
export const HASH_SIZE = 32;

/** The root of the tree without leaves: the SHA-256 of nothing. */
export const emptyRoot: Buffer = sha256(Buffer.alloc(0));

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

/** A tree, as one head of its log states it. */
export interface TreeHead {
  /** How many leaves it has. */
  readonly size: number;
  /** SHA-256, 32 octets. */
  readonly root: Uint8Array;
}

/** The hash of a leaf, 32 octets. @see RFC 6962 §2.1 */
export function leafHash(entry: Uint8Array): Buffer {
  return sha256(Buffer.concat([LEAF, entry]));
}

/** The hash of an inner node over the hashes of its two children, 32 octets. @see RFC 6962 §2.1 */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(Buffer.concat([NODE, left, right]));
}

/**
 * Whether `leaf`, a leaf's hash, stands at `index` (from zero) in the tree of `size` leaves with this root. Sizes beyond
 * 2^53 − 1 are refused.
 * @param proof the hashes from the leaf's sibling upwards
 * @see RFC 9162 §2.1.3.2, which verifies the audit path of RFC 6962 §2.1.1
 */
export function isIncluded(claim: {
  readonly index: number;
  readonly size: number;
  readonly leaf: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}): boolean {
  const { index, size, leaf, proof, root } = claim;
  if (!isCount(index) || !isCount(size) || index >= size || ![leaf, root, ...proof].every(isHash)) return false;
  let position = index;
  let last = size - 1;
  let known: Uint8Array = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(position) || position === last) {
      known = nodeHash(sibling, known);
      // A node without a sibling at its own level is carried up until it is a right child.
      while (!isOdd(position) && position !== 0) [position, last] = [half(position), half(last)];
    } else {
      known = nodeHash(known, sibling);
    }
    [position, last] = [half(position), half(last)];
  }
  return last === 0 && isSame(known, root);
}

/**
 * Whether the older tree is the beginning of the newer one. Every tree begins with the empty tree, and is consistent with
 * itself, each by a proof without hashes.
 * @see RFC 9162 §2.1.4.2, which verifies the consistency proof of RFC 6962 §2.1.2
 */
export function isConsistent(claim: {
  readonly older: TreeHead;
  readonly newer: TreeHead;
  readonly proof: readonly Uint8Array[];
}): boolean {
  const { older, newer, proof } = claim;
  if (!isCount(older.size) || !isCount(newer.size) || older.size > newer.size) return false;
  if (![older.root, newer.root, ...proof].every(isHash)) return false;
  if (newer.size === 0 && !isSame(newer.root, emptyRoot)) return false;
  if (older.size === newer.size) return proof.length === 0 && isSame(older.root, newer.root);
  if (older.size === 0) return proof.length === 0 && isSame(older.root, emptyRoot);
  return leadsToBoth(older, newer, proof);
}

function leadsToBoth(older: TreeHead, newer: TreeHead, proof: readonly Uint8Array[]): boolean {
  let position = older.size - 1;
  let last = newer.size - 1;
  while (isOdd(position)) [position, last] = [half(position), half(last)];
  // A whole subtree is its own starting point; otherwise the proof begins with it.
  const [start, ...rest] = position === 0 ? [older.root, ...proof] : proof;
  if (!start) return false;
  let ofOlder = start;
  let ofNewer = start;
  for (const sibling of rest) {
    if (last === 0) return false;
    if (isOdd(position) || position === last) {
      ofOlder = nodeHash(sibling, ofOlder);
      ofNewer = nodeHash(sibling, ofNewer);
      while (!isOdd(position) && position !== 0) [position, last] = [half(position), half(last)];
    } else {
      ofNewer = nodeHash(ofNewer, sibling);
    }
    [position, last] = [half(position), half(last)];
  }
  return last === 0 && isSame(ofOlder, older.root) && isSame(ofNewer, newer.root);
}

/** A subtree whose leaves are as many as a power of two, and whose place is a multiple of their number. */
export interface Subtree {
  /** The index of its first leaf, from zero. */
  readonly from: number;
  readonly leaves: number;
}

/**
 * The whole subtrees that the leaves from `begin` to before `end` consist of, as few as there can be, in their order: at most two
 * of each level. Those of a beginning (`begin` zero) are the larger the earlier.
 */
export function wholeSubtrees(begin: number, end: number): readonly Subtree[] {
  const subtrees: Subtree[] = [];
  for (let from = begin; from < end;) {
    let leaves = 1;
    while (from % (leaves * 2) === 0 && from + leaves * 2 <= end) leaves *= 2;
    subtrees.push({ from, leaves });
    from += leaves;
  }
  return subtrees;
}

/** Whether it counts leaves: an integer from zero to 2^53 − 1. */
export function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** Whether two hashes are the same octets. */
export function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

function sha256(octets: Uint8Array): Buffer {
  return hash('sha256', octets, 'buffer');
}

function isHash(octets: Uint8Array): boolean {
  return octets.length === HASH_SIZE;
}

// Sizes pass 2^31, where the operators on bits end.
function isOdd(value: number): boolean {
  return value % 2 === 1;
}

function half(value: number): number {
  return Math.floor(value / 2);
}
