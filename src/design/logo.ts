import { crc32, inflateSync } from 'node:zlib';
import { PNG } from 'pngjs';

const MAX_BYTES = 65_536;
const MAX_SIDE = 512;
const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

/**
 * Chunks that a still picture needs, and how long each may be: no text, no metadata of a camera or an editor, no colour profile, no
 * frames of an animation, and no place for anything else in those that are allowed.
 */
const CHUNKS: ReadonlyMap<string, (length: number) => boolean> = new Map<string, (length: number) => boolean>([
  ['IHDR', (length) => length === 13],
  ['PLTE', (length) => length <= 768],
  ['tRNS', (length) => length <= 256],
  ['sRGB', (length) => length === 1],
  ['gAMA', (length) => length === 4],
  ['pHYs', (length) => length === 9],
  ['IDAT', () => true],
  ['IEND', (length) => length === 0],
]);
const REPEATED = 'IDAT';
/** Samples of a pixel, by colour type. */
const SAMPLES: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [2, 3],
  [3, 1],
  [4, 2],
  [6, 4],
]);

/** Why a file is not taken as a logo. */
export class LogoFault extends Error {}

/**
 * Checks that these bytes are one still PNG of an ordinary size and hold nothing else, then decodes them.
 * @throws LogoFault
 * @see W3C Portable Network Graphics (Third Edition) §5
 */
export function checkLogo(bytes: Buffer): void {
  if (bytes.length > MAX_BYTES) throw new LogoFault(`has ${bytes.length} bytes; at most ${MAX_BYTES} are allowed`);
  if (!bytes.subarray(0, 8).equals(SIGNATURE)) throw new LogoFault('is no PNG');
  const data = checkChunks(bytes);
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  if (width > MAX_SIDE || height > MAX_SIDE || width === 0 || height === 0)
    throw new LogoFault(`is ${width} × ${height} pixels; 1 to ${MAX_SIDE} a side are allowed`);
  if (bytes[28] !== 0) throw new LogoFault('is interlaced, which is not allowed');
  checkData(data, (Math.ceil((width * bitsOf(bytes)) / 8) + 1) * height);
  decode(bytes);
}

/** @returns the compressed picture */
function checkChunks(bytes: Buffer): Buffer {
  const names: string[] = [];
  const data: Buffer[] = [];
  let at = SIGNATURE.length;
  while (at < bytes.length) {
    const chunk = chunkAt(bytes, at);
    checkPlace(chunk.name, names);
    names.push(chunk.name);
    if (chunk.name === REPEATED) data.push(bytes.subarray(at + 8, chunk.end - 4));
    at = chunk.end;
  }
  if (names.at(-1) !== 'IEND') throw new LogoFault('ends before its chunk IEND');
  return Buffer.concat(data);
}

function chunkAt(bytes: Buffer, at: number): { readonly name: string; readonly end: number } {
  if (at + 12 > bytes.length) throw new LogoFault('ends within a chunk');
  const length = bytes.readUInt32BE(at);
  const end = at + 12 + length;
  const name = bytes.toString('latin1', at + 4, at + 8).replaceAll(/[^A-Za-z]/g, '?');
  const isLength = CHUNKS.get(name);
  if (!isLength) throw new LogoFault(`has a chunk ${name}; only ${[...CHUNKS.keys()].join(', ')} are allowed`);
  if (end > bytes.length) throw new LogoFault(`ends within its chunk ${name}`);
  if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4))
    throw new LogoFault(`has a chunk ${name} whose CRC does not fit`);
  if (!isLength(length)) throw new LogoFault(`has a chunk ${name} of another length than it may have`);
  return { name, end };
}

/** The bits of a pixel; one of an unknown colour type cannot be decoded. */
function bitsOf(bytes: Buffer): number {
  return (bytes[24] ?? 0) * (SAMPLES.get(bytes[25] ?? 0) ?? 0);
}

/** They unpack to the picture and to no byte more, and nothing stands behind them. */
function checkData(data: Buffer, size: number): void {
  const { length, read } = unpack(data, size);
  if (length !== size) throw new LogoFault('cannot be decoded');
  if (read !== data.length) throw new LogoFault('holds more than its picture');
}

function unpack(data: Buffer, size: number): { readonly length: number; readonly read: number } {
  try {
    const unpacked: unknown = inflateSync(data, { maxOutputLength: size, info: true });
    const { buffer, engine } = unpacked as {
      readonly buffer: Buffer;
      readonly engine: { readonly bytesWritten: number };
    };
    return { length: buffer.length, read: engine.bytesWritten };
  } catch {
    throw new LogoFault('cannot be decoded');
  }
}

function checkPlace(name: string, before: readonly string[]): void {
  if (before.length === 0 && name !== 'IHDR') throw new LogoFault('does not begin with its chunk IHDR');
  if (before.at(-1) === 'IEND') throw new LogoFault('goes on behind its chunk IEND');
  if (before.includes(name) && (name !== REPEATED || before.at(-1) !== REPEATED))
    throw new LogoFault(`has a second chunk ${name}`);
}

function decode(bytes: Buffer): void {
  try {
    PNG.sync.read(bytes, { skipRescale: false });
  } catch {
    throw new LogoFault('cannot be decoded');
  }
}
