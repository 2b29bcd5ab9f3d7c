import fc from 'fast-check';
import { CompactTree } from './compact-tree.ts';
import { emptyRoot, isConsistent, isIncluded, leafHash, nodeHash } from './merkle.ts';
import { consistencyProof, inclusionProof, newTiles, rootOf, withFiles, type ReadTile } from './tiles.ts';

const nowhere: ReadTile = (path) => Promise.reject(new Error(`no file ${path}`));
const entry = (index: number): Buffer => Buffer.alloc(32, index % 251).fill(index >> 8, 0, 2);
const LARGEST = 300;

/** The definition of RFC 6962 §2.1, over the hashes of leaves. */
function rootByDefinition(leaves: readonly Buffer[]): Buffer {
  if (leaves.length < 2) return leaves[0] ?? emptyRoot;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(rootByDefinition(leaves.slice(0, k)), rootByDefinition(leaves.slice(k)));
}

const leaves = Array.from({ length: LARGEST }, (_, index) => leafHash(entry(index)));
const roots = Array.from({ length: LARGEST + 1 }, (_, size) => rootByDefinition(leaves.slice(0, size)));

/** A log that had a head at each size. */
async function grow(): Promise<ReadTile> {
  let read = nowhere;
  const files = [];
  for (let size = 0; size < LARGEST; size += 1) {
    files.push(...(await newTiles(read, size, [entry(size)])));
    read = withFiles(nowhere, files);
  }
  return read;
}

/** Another octet, another length or another number of hashes. */
const change = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: fc.nat(), bit: fc.nat(255) }),
  fc.record({ kind: fc.constant('drop' as const), at: fc.nat() }),
  fc.record({ kind: fc.constant('add' as const), at: fc.nat(), hash: fc.uint8Array({ minLength: 32, maxLength: 32 }) }),
  fc.record({ kind: fc.constant('shorten' as const), at: fc.nat() }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function changed(proof: readonly Buffer[], how: Change): Buffer[] {
  const copy = proof.map((hash) => Buffer.from(hash));
  if (how.kind === 'add') return copy.toSpliced(how.at % (copy.length + 1), 0, Buffer.from(how.hash));
  if (copy.length === 0) return [Buffer.alloc(32)];
  const at = how.at % copy.length;
  if (how.kind === 'drop') return copy.toSpliced(at, 1);
  const hash = copy[at] ?? Buffer.alloc(0);
  if (how.kind === 'shorten') return copy.toSpliced(at, 1, hash.subarray(1));
  hash[how.bit % 32] = (hash[how.bit % 32] ?? 0) ^ (1 << (how.bit % 8));
  return copy;
}

describe('the Merkle tree of RFC 6962', () => {
  let read: ReadTile;
  beforeAll(async () => {
    read = await grow();
  });

  it('has the hashes that the RFC defines', () => {
    expect(emptyRoot.toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(leafHash(Buffer.alloc(0)).toString('hex')).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    );
  });

  it('has for each size the root of the definition', async () => {
    for (let size = 0; size <= LARGEST; size += 1) expect(await rootOf(read, size)).toEqual(roots[size]);
  });

  it('has the same root where it grows leaf by leaf, from nothing and from any size on', async () => {
    const whole = new CompactTree();
    expect(whole.root()).toEqual(emptyRoot);
    for (let size = 0; size < LARGEST; size += 1) {
      whole.append(leaves[size]!);
      expect([whole.size, whole.root()]).toEqual([size + 1, roots[size + 1]]);
      const grown = await CompactTree.fromTiles(read, size);
      expect(grown.root()).toEqual(roots[size]);
      grown.append(leaves[size]!);
      expect(grown.root()).toEqual(roots[size + 1]);
    }
  });

  it('proves every leaf of every tree, in no other place', async () => {
    for (let size = 1; size <= LARGEST; size += size < 40 ? 1 : 37) {
      for (let index = 0; index < size; index += 1) {
        const claim = {
          index,
          size,
          leaf: leaves[index]!,
          proof: await inclusionProof(read, index, size),
          root: roots[size]!,
        };
        expect(isIncluded(claim)).toBe(true);
        expect(isIncluded({ ...claim, index: index + 1 })).toBe(false);
        expect(isIncluded({ ...claim, leaf: leaves[(index + 1) % LARGEST]! })).toBe(false);
      }
    }
  });

  it('proves that every tree is the beginning of every larger one', async () => {
    for (let newer = 0; newer <= LARGEST; newer += newer < 40 ? 1 : 37) {
      for (let older = 0; older <= newer; older += 1) {
        const proof = await consistencyProof(read, older, newer);
        const claim = {
          older: { size: older, root: roots[older]! },
          newer: { size: newer, root: roots[newer]! },
          proof,
        };
        expect(isConsistent(claim)).toBe(true);
        const another = { size: older, root: leafHash(Buffer.of(older)) };
        expect(isConsistent({ ...claim, older: another })).toBe(false);
        // The empty tree says nothing of what came after it.
        if (older > 0) expect(isConsistent({ ...claim, newer: { ...another, size: newer } })).toBe(false);
      }
    }
  });

  it('accepts no proof that was changed', async () => {
    const pair = fc.tuple(fc.integer({ min: 1, max: LARGEST }), fc.nat(), change);
    await fc.assert(
      fc.asyncProperty(pair, async ([size, at, how]) => {
        const index = at % size;
        const inclusion = changed(await inclusionProof(read, index, size), how);
        const consistency = changed(await consistencyProof(read, index + 1, size), how);
        return (
          !isIncluded({ index, size, leaf: leaves[index]!, proof: inclusion, root: roots[size]! }) &&
          !isConsistent({
            older: { size: index + 1, root: roots[index + 1]! },
            newer: { size, root: roots[size]! },
            proof: consistency,
          })
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([-1, 0.5, 2 ** 53, NaN, Infinity])('refuses the size and the index %p', async (count) => {
    const root = roots[1]!;
    expect(isIncluded({ index: 0, size: count, leaf: root, proof: [], root })).toBe(false);
    expect(isIncluded({ index: count, size: 1, leaf: root, proof: [], root })).toBe(false);
    expect(isConsistent({ older: { size: 1, root }, newer: { size: count, root }, proof: [] })).toBe(false);
    expect(isConsistent({ older: { size: count, root }, newer: { size: 1, root }, proof: [] })).toBe(false);
    await expect(rootOf(read, count)).rejects.toThrow(RangeError);
    await expect(inclusionProof(read, 0, count)).rejects.toThrow(RangeError);
    await expect(inclusionProof(read, count, 1)).rejects.toThrow(RangeError);
    await expect(consistencyProof(read, count, 1)).rejects.toThrow(RangeError);
    await expect(newTiles(read, count, [])).rejects.toThrow(RangeError);
  });
});
