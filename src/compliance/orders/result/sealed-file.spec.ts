import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { DataKey, SEALED_OVERHEAD } from '../../../vault/envelope.ts';
import { CHUNK, readSealed, SealedWriter } from './sealed-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'sigill-results-'));
afterAll(() => rmSync(folder, { recursive: true }));

const KEY_ID = '7f1c2a3b-0d4e-4f56-8a9b-1c2d3e4f5a6b';
const key = new DataKey('export:a', KEY_ID, randomBytes(32));
const sealing = { key, kind: 'export-chunk' } as const;
let files = 0;
const newPath = (): string => join(folder, `file-${(files += 1)}`);

async function write(bytes: Buffer): Promise<string> {
  const path = newPath();
  const writer = await SealedWriter.create(path, sealing);
  for (let at = 0; at < bytes.length; at += 50_001) await writer.append(bytes.subarray(at, at + 50_001));
  expect(await writer.finish()).toBe(bytes.length);
  await writer.close();
  return path;
}

const read = (path: string, size: number, first = 0, last = size - 1): Promise<Buffer> =>
  buffer(readSealed(path, key, size, { first, last }));

describe('the sealed file of a result', () => {
  it.each([1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 17, 8 * CHUNK, 17 * CHUNK + 1])(
    'gives back %i octets',
    async (size) => {
      const bytes = randomBytes(size);
      const path = await write(bytes);
      expect((await read(path, size)).equals(bytes)).toBe(true);
      expect(statSync(path).size).toBe(size + Math.ceil(size / CHUNK) * SEALED_OVERHEAD);
      expect(statSync(path).mode & 0o777).toBe(0o600);
    },
  );

  it('gives any part of it, within a chunk and across chunks', async () => {
    const size = 3 * CHUNK + 17;
    const bytes = randomBytes(size);
    const path = await write(bytes);
    const edges = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK - 1, 3 * CHUNK, size - 1];
    for (const first of edges) {
      for (const last of edges.filter((one) => one >= first)) {
        expect((await read(path, size, first, last)).equals(bytes.subarray(first, last + 1))).toBe(true);
      }
    }
  });

  it('is refused where a chunk was changed, exchanged or cut off, and where its size was', async () => {
    const size = 2 * CHUNK + 100;
    const path = await write(randomBytes(size));
    const whole = readFileSync(path);
    const sealed = CHUNK + SEALED_OVERHEAD;
    const [a, b, c] = [whole.subarray(0, sealed), whole.subarray(sealed, 2 * sealed), whole.subarray(2 * sealed)];
    const flipped = Buffer.from(whole);
    flipped[sealed + 500]! ^= 1;
    for (const changed of [Buffer.concat([b, a, c]), Buffer.concat([a, a, c]), flipped, whole.subarray(0, -1)]) {
      writeFileSync(path, changed);
      await expect(read(path, size)).rejects.toThrow();
    }
    truncateSync(path, 2 * sealed);
    await expect(read(path, 2 * CHUNK)).rejects.toThrow();
    writeFileSync(path, whole);
    await expect(read(path, size - 1)).rejects.toThrow();
    const other = new DataKey('export:b', KEY_ID, randomBytes(32));
    await expect(buffer(readSealed(path, other, size, { first: 0, last: 0 }))).rejects.toThrow();
  });

  it('is gone on with in another file, without what its first writer wrote after it was saved', async () => {
    const [before, lost, after] = [randomBytes(9 * CHUNK + 1000), randomBytes(2 * CHUNK), randomBytes(CHUNK)];
    const [first, second] = [newPath(), newPath()];
    const dead = await SealedWriter.create(first, sealing);
    await dead.append(before);
    const saved = { ...(await dead.flush()), path: first };
    await dead.append(lost);
    await dead.close();
    const writer = await SealedWriter.create(second, sealing, saved);
    await writer.append(after);
    const size = await writer.finish();
    await writer.close();
    expect((await read(second, size)).equals(Buffer.concat([before, after]))).toBe(true);
  });

  it('is never written over', async () => {
    const path = await write(randomBytes(10));
    await expect(SealedWriter.create(path, sealing)).rejects.toMatchObject({ code: 'EEXIST' });
  });
});
