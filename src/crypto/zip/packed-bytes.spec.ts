import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { PackedBytes } from './packed-bytes.ts';

/** As many bytes as fill a block and a part of the next, however they are cut. */
const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n * n) % 251));

describe('bytes that are kept until the end', () => {
  it.each([1, 110, 4096, 131_071, 131_072, 131_073, 300_000])('are the same, appended %i at a time', (size) => {
    const packed = new PackedBytes();
    for (let at = 0; at < bytes.length; at += size) packed.append(bytes.subarray(at, at + size));
    expect(packed.finish()).toEqual({ size: bytes.length, crc: crc32(bytes), sha256: hash('sha256', bytes, 'hex') });
    expect(Buffer.concat([...packed.read()]).equals(bytes)).toBe(true);
  });

  it('are copied: the memory in which they came is free at once', () => {
    const packed = new PackedBytes();
    const line = Buffer.from('a line\n');
    packed.append(line);
    line.fill(0);
    packed.finish();
    expect(Buffer.concat([...packed.read()]).toString()).toBe('a line\n');
  });
});
