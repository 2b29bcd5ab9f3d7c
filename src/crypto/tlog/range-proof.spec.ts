import fc from 'fast-check';
import { emptyRoot, leafHash, nodeHash, wholeSubtrees } from './merkle.ts';
import { rangeProof, RangeVerifier, type LeafRange, type RangeProof } from './range-proof.ts';
import { newTiles, withFiles, type ReadTile } from './tiles.ts';

const nowhere: ReadTile = (path) => Promise.reject(new Error(`no file ${path}`));
const LARGEST = 300;
const entries = Array.from({ length: LARGEST }, (_, index) => {
  const entry = Buffer.alloc(32);
  entry.writeUInt32BE((index * 2_654_435_761) >>> 0);
  return entry;
});

/** The definition of RFC 6962 §2.1, over the hashes of leaves. */
function rootByDefinition(leaves: readonly Buffer[]): Buffer {
  if (leaves.length < 2) return leaves[0] ?? emptyRoot;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(rootByDefinition(leaves.slice(0, k)), rootByDefinition(leaves.slice(k)));
}

const rootsOf = (all: readonly Buffer[]): ((from: number, leaves: number) => Buffer) => {
  const hashes = all.map((entry) => leafHash(entry));
  const known = new Map<string, Buffer>();
  return (from, leaves) => {
    const key = `${from} ${leaves}`;
    const root = known.get(key) ?? rootByDefinition(hashes.slice(from, from + leaves));
    known.set(key, root);
    return root;
  };
};

async function logOf(all: readonly Buffer[]): Promise<ReadTile> {
  return withFiles(nowhere, await newTiles(nowhere, 0, all));
}

interface Claim {
  readonly range: LeafRange;
  readonly entries: readonly Uint8Array[];
  readonly proof: RangeProof;
  readonly root: Uint8Array;
}

function isRangeIncluded({ range, entries: leaves, proof, root }: Claim): boolean {
  const verifier = new RangeVerifier(range, proof);
  for (const leaf of leaves) verifier.append(leaf);
  return verifier.leadsTo(root);
}

/** A sound claim of a range of the log, with its root by definition. */
async function claimOf(all: readonly Buffer[], range: LeafRange): Promise<Claim> {
  const read = await logOf(all.slice(0, range.size));
  return {
    range,
    entries: all.slice(range.begin, range.end),
    proof: await rangeProof(read, range),
    root: rootByDefinition(all.slice(0, range.size).map((entry) => leafHash(entry))),
  };
}

const anyRange = fc
  .tuple(fc.integer({ min: 1, max: LARGEST }), fc.nat(), fc.nat())
  .map(([size, first, more]): LeafRange => {
    const begin = first % size;
    return { begin, end: begin + 1 + (more % (size - begin)), size };
  });

const flipped = (octets: Uint8Array, bit: number): Buffer => {
  const copy = Buffer.from(octets);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
};

describe('the proof of a range of leaves', () => {
  it('leads to the root from each first to each last leaf of each small tree, and from many of larger ones', () => {
    const rootOver = rootsOf(entries);
    let proved = 0;
    for (let size = 1; size <= LARGEST; size += size < 34 ? 1 : 38) {
      const root = rootOver(0, size);
      for (let begin = 0; begin < size; begin += 1) {
        const left = wholeSubtrees(0, begin).map(({ from, leaves }) => rootOver(from, leaves));
        for (let end = begin + 1; end <= size; end += size < 34 ? 1 : 1 + (begin % 29)) {
          const right = wholeSubtrees(end, size).map(({ from, leaves }) => rootOver(from, leaves));
          const claim = {
            range: { begin, end, size },
            entries: entries.slice(begin, end),
            proof: { left, right },
            root,
          };
          if (!isRangeIncluded(claim)) throw new Error(`${begin}..${end} of ${size}`);
          proved += 1;
        }
      }
    }
    expect(proved).toBeGreaterThan(10_000);
  });

  it('is made from tiles, with at most two hashes for each level, and is that of the definition', async () => {
    const rootOver = rootsOf(entries);
    for (const size of [1, 2, 3, 255, 256, 257, 300]) {
      const read = await logOf(entries.slice(0, size));
      for (let begin = 0; begin < size; begin += 1 + (size >> 5))
        for (const end of new Set([begin + 1, Math.ceil((begin + 1 + size) / 2), size])) {
          const proof = await rangeProof(read, { begin, end, size });
          expect(proof.left).toEqual(wholeSubtrees(0, begin).map(({ from, leaves }) => rootOver(from, leaves)));
          expect(proof.right).toEqual(wholeSubtrees(end, size).map(({ from, leaves }) => rootOver(from, leaves)));
          expect(proof.left.length + proof.right.length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(size + 1)));
        }
    }
  });

  it('holds in larger trees, from any first to any last leaf', async () => {
    const many = Array.from({ length: 66_000 }, (_, index) => {
      const entry = Buffer.alloc(32, 1);
      entry.writeUInt32BE(index);
      return entry;
    });
    const read = await logOf(many);
    const size = many.length;
    const root = rootByDefinition(many.map((entry) => leafHash(entry)));
    const place = fc.tuple(fc.nat(size - 1), fc.nat(2_000));
    await fc.assert(
      fc.asyncProperty(place, async ([begin, more]) => {
        const range = { begin, end: Math.min(size, begin + 1 + more), size };
        const proof = await rangeProof(read, range);
        const claim = { range, entries: many.slice(range.begin, range.end), proof, root };
        const shifted = { ...range, begin: range.begin + 1, end: range.end + 1 };
        return isRangeIncluded(claim) && !isRangeIncluded({ ...claim, range: shifted });
      }),
      { numRuns: 40 },
    );
  });

  it('is refused when one bit of a leaf, of a hash or of the root is another', async () => {
    for (const range of [
      { begin: 5, end: 11, size: 21 },
      { begin: 0, end: 3, size: 7 },
      { begin: 8, end: 9, size: 9 },
    ]) {
      const claim = await claimOf(entries, range);
      const { proof, root } = claim;
      const leaves = claim.entries;
      expect(isRangeIncluded(claim)).toBe(true);
      const changes = Array.from({ length: 256 }, (_, bit) => [
        ...leaves.map((leaf, at) => ({ entries: leaves.with(at, flipped(leaf, bit)) })),
        ...(['left', 'right'] as const).flatMap((side) =>
          proof[side].map((hash, at) => ({ proof: { ...proof, [side]: proof[side].with(at, flipped(hash, bit)) } })),
        ),
        { root: flipped(root, bit) },
      ]).flat();
      expect(changes.length).toBeGreaterThan(2 * 256);
      expect(changes.filter((change) => isRangeIncluded({ ...claim, ...change }))).toEqual([]);
    }
  });

  it('is refused when a leaf or a hash is left out, added, exchanged or of another length, and for any other range', async () => {
    await fc.assert(
      fc.asyncProperty(anyRange, fc.nat(), fc.nat(), async (range, one, other) => {
        const claim = await claimOf(entries, range);
        const leaves = claim.entries;
        const lists: { readonly list: readonly Uint8Array[]; readonly put: (list: readonly Uint8Array[]) => object }[] =
          [
            { list: leaves, put: (list) => ({ entries: list }) },
            ...(['left', 'right'] as const).map((side) => ({
              list: claim.proof[side],
              put: (list: readonly Uint8Array[]) => ({ proof: { ...claim.proof, [side]: list } satisfies RangeProof }),
            })),
          ];
        for (const { list, put } of lists) {
          const judge = (changed: readonly Uint8Array[]): boolean => isRangeIncluded({ ...claim, ...put(changed) });
          if (!judge(list)) return false;
          const at = one % (list.length + 1);
          if (judge(list.toSpliced(at, 0, entries[other % LARGEST]!))) return false;
          if (list.length === 0) continue;
          const [a, b] = [one % list.length, other % list.length];
          if (judge(list.toSpliced(a, 1))) return false;
          if (judge(list.toSpliced(a, 1, list[a]!.subarray(1)))) return false;
          if (a !== b && judge(list.with(a, list[b]!).with(b, list[a]!))) return false;
          if (a !== b && judge(list.with(a, list[b]!))) return false;
        }
        const { begin, end, size } = range;
        const others = [
          { begin: begin + 1, end: end + 1, size },
          { begin: begin - 1, end: end - 1, size },
          { begin, end: end + 1, size },
          { begin: begin + 1, end, size },
        ];
        return others.every((another) => !isRangeIncluded({ ...claim, range: another }));
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    { begin: 0, end: 0, size: 1 },
    { begin: 1, end: 1, size: 1 },
    { begin: 0, end: 2, size: 1 },
    { begin: -1, end: 1, size: 1 },
    { begin: 0.5, end: 1, size: 1 },
    { begin: 0, end: 1, size: 2 ** 53 },
    { begin: 0, end: NaN, size: 1 },
  ])('of no range ($begin to $end of $size) is neither made nor accepted', async (range) => {
    await expect(rangeProof(nowhere, range)).rejects.toThrow(RangeError);
    const claim = { range, entries: [], proof: { left: [], right: [] }, root: emptyRoot };
    expect(isRangeIncluded(claim)).toBe(false);
  });
});
