import fc from 'fast-check';
import { Malformed } from '../malformed.ts';
import { emptyRoot, isConsistent, isIncluded, leafHash, nodeHash } from './merkle.ts';
import { parseTilePath, tilePath, tilesBetween, type Tile } from './tile-path.ts';
import {
  consistencyProof,
  hashesOf,
  inclusionProof,
  newTiles,
  parseBundle,
  rootOf,
  withFiles,
  type ReadTile,
} from './tiles.ts';

const ENTRY = Buffer.alloc(32, 7);

/** The root over 2^height leaves that are all alike. */
const perfect = [leafHash(ENTRY)];
for (let height = 1; height <= 53; height += 1) perfect.push(nodeHash(perfect[height - 1]!, perfect[height - 1]!));

function uniformRoot(size: number): Buffer {
  if (size === 0) return emptyRoot;
  let height = 0;
  while (2 ** (height + 1) <= size) height += 1;
  const whole = 2 ** height;
  return size === whole ? perfect[height]! : nodeHash(perfect[height]!, uniformRoot(size - whole));
}

/** A log of any size whose leaves are all alike, and the tiles that were read. */
function uniformLog(size: number): { read: ReadTile; paths: Set<string> } {
  const paths = new Set<string>();
  const read: ReadTile = (path) => {
    paths.add(path);
    const { level, index, width } = parseTilePath(path);
    if (level === 'entries')
      return Promise.resolve(
        Buffer.concat(Array.from({ length: width }, () => Buffer.concat([Buffer.of(0, 32), ENTRY]))),
      );
    const there = Math.floor(size / 256 ** level) - index * 256;
    if (width !== Math.min(256, there)) return Promise.reject(new Error(`not in this tree: ${path}`));
    return Promise.resolve(Buffer.concat(Array.from({ length: width }, () => perfect[level * 8]!)));
  };
  return { read, paths };
}

const edges = [
  1,
  2,
  255,
  256,
  257,
  511,
  512,
  65_535,
  65_536,
  65_537,
  65_792,
  2 ** 24 - 1,
  2 ** 24,
  2 ** 24 + 1,
  10_000_000,
];
const large = [2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 40 + 12_345, 2 ** 53 - 1];
const anySize = fc.oneof(fc.constantFrom(...edges, ...large), fc.integer({ min: 1, max: 2 ** 45 }));

describe('tiles', () => {
  it.each([...edges, ...large])(
    'give the root and proofs of a tree of %d leaves, and few of them are read',
    async (size) => {
      const { read, paths } = uniformLog(size);
      const root = uniformRoot(size);
      expect(await rootOf(read, size)).toEqual(root);
      for (const index of new Set([0, Math.floor(size / 2), Math.floor(size / 3), size - 1])) {
        const proof = await inclusionProof(read, index, size);
        expect(isIncluded({ index, size, leaf: perfect[0]!, proof, root })).toBe(true);
        const older = { size: index + 1, root: uniformRoot(index + 1) };
        const consistency = await consistencyProof(read, older.size, size);
        expect(isConsistent({ older, newer: { size, root }, proof: consistency })).toBe(true);
      }
      expect(paths.size).toBeLessThan(8 * (Math.log2(size) / 8 + 2));
    },
  );

  it('prove any leaf and any beginning of any tree', async () => {
    await fc.assert(
      fc.asyncProperty(anySize, fc.double({ min: 0, max: 1, noNaN: true }), async (size, where) => {
        const index = Math.min(size - 1, Math.floor(size * where));
        const { read } = uniformLog(size);
        const root = uniformRoot(size);
        const proof = await inclusionProof(read, index, size);
        const consistency = await consistencyProof(read, index, size);
        return (
          isIncluded({ index, size, leaf: perfect[0]!, proof, root }) &&
          isConsistent({ older: { size: index, root: uniformRoot(index) }, newer: { size, root }, proof: consistency })
        );
      }),
      { numRuns: 300 },
    );
  });

  it('are the same however the tree grew, and are those that the larger tree has more', async () => {
    await fc.assert(
      fc.asyncProperty(anySize, fc.integer({ min: 1, max: 700 }), async (some, more) => {
        const size = Math.min(some, 2 ** 53 - 1 - more);
        const { read } = uniformLog(size);
        const files = await newTiles(
          read,
          size,
          Array.from({ length: more }, () => ENTRY),
        );
        const larger = uniformLog(size + more).read;
        for (const { path, bytes } of files) expect(bytes.equals(await larger(path))).toBe(true);
        expect(files.map(({ path }) => path)).toEqual(tilesBetween(size, size + more).map(tilePath));
        expect(await rootOf(withFiles(read, files), size + more)).toEqual(uniformRoot(size + more));
      }),
      { numRuns: 60 },
    );
  });

  it('of a tree of 70,000 leaves are those that the specification counts', () => {
    const tiles = tilesBetween(0, 70_000);
    const count = (level: Tile['level'], isFull: boolean) =>
      tiles.filter((tile) => tile.level === level && (tile.width === 256) === isFull).length;
    expect([count(0, true), count(1, true), count(2, true)]).toEqual([273, 1, 0]);
    const partial = tiles.filter(({ width, level }) => width < 256 && level !== 'entries');
    expect(partial.map(({ level, width }) => [level, width])).toEqual([
      [0, 112],
      [1, 17],
      [2, 1],
    ]);
    expect(tilesBetween(0, 256).map(tilePath)).toEqual(['tile/entries/000', 'tile/0/000', 'tile/1/000.p/1']);
    expect(tilesBetween(5, 5)).toEqual([]);
  });

  it('have one path each', () => {
    expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(tilePath({ level: 'entries', index: 273, width: 112 })).toBe('tile/entries/273.p/112');
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 63 }),
        fc.maxSafeNat(),
        fc.integer({ min: 1, max: 256 }),
        (level, index, width) => {
          const tile = { level, index, width };
          expect(parseTilePath(tilePath(tile))).toEqual(tile);
        },
      ),
    );
  });

  it.each([
    ...[
      'tile/0/0',
      'tile/0/00',
      'tile/0/0000',
      'tile/0/x000/001',
      'tile/0/x001',
      'tile/0/001/002',
      'tile/00/000',
      'tile/64/000',
    ],
    ...[
      'tile/0/000.p/0',
      'tile/0/000.p/256',
      'tile/0/000.p/01',
      'tile/0/000.p/',
      'tile/-1/000',
      '/tile/0/000',
      'tile/0/000/',
    ],
    ...[
      'tile/0/../000',
      'tile/Entries/000',
      'tile/0/000\n',
      'tile/data/000',
      'tile/0/x009/x999/x999/x999/x999/999',
      '',
    ],
  ])('have no path %j', (path) => {
    expect(() => parseTilePath(path)).toThrow(Malformed);
  });

  it('of another length are refused', async () => {
    expect(() => hashesOf(Buffer.alloc(63), 2)).toThrow(Malformed);
    await expect(rootOf(() => Promise.resolve(Buffer.alloc(33)), 1)).rejects.toThrow(Malformed);
    await expect(newTiles(() => Promise.resolve(Buffer.alloc(34)), 1, [])).resolves.toEqual([]);
  });

  it('of entries are read whole or not at all', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 }), fc.nat(), (entries, cut) => {
        const bytes = Buffer.concat(entries.flatMap((entry) => [Buffer.of(0, entry.length), Buffer.from(entry)]));
        expect(parseBundle(bytes, entries.length)).toEqual(entries.map((entry) => Buffer.from(entry)));
        expect(() => parseBundle(bytes, entries.length + 1)).toThrow(Malformed);
        if (bytes.length > 0)
          expect(() => parseBundle(bytes.subarray(0, cut % bytes.length), entries.length)).toThrow(Malformed);
      }),
    );
  });
});
