import { crc32 } from 'node:zlib';
import { PNG } from 'pngjs';

const MAX_BYTES = 65_536;
const MAX_SIDE = 512;
const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

/**
 * Chunks that a still picture needs and no other: no text, no metadata of a camera or an editor, no colour profile, no frames of an
 * animation.
 */
const CHUNKS: ReadonlySet<string> = new Set(['IHDR', 'PLTE', 'tRNS', 'sRGB', 'gAMA', 'pHYs', 'IDAT', 'IEND']);
const REPEATED = 'IDAT';

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
  checkChunks(bytes);
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  if (width > MAX_SIDE || height > MAX_SIDE)
    throw new LogoFault(`is ${width} × ${height} pixels; at most ${MAX_SIDE} a side are allowed`);
  decode(bytes);
}

function checkChunks(bytes: Buffer): void {
  const names: string[] = [];
  let at = SIGNATURE.length;
  while (at < bytes.length) {
    const chunk = chunkAt(bytes, at);
    checkPlace(chunk.name, names);
    names.push(chunk.name);
    at = chunk.end;
  }
  if (names.at(-1) !== 'IEND') throw new LogoFault('ends before its chunk IEND');
}

function chunkAt(bytes: Buffer, at: number): { readonly name: string; readonly end: number } {
  if (at + 12 > bytes.length) throw new LogoFault('ends within a chunk');
  const length = bytes.readUInt32BE(at);
  const end = at + 12 + length;
  const name = bytes.toString('latin1', at + 4, at + 8).replaceAll(/[^A-Za-z]/g, '?');
  if (!CHUNKS.has(name)) throw new LogoFault(`has a chunk ${name}; only ${[...CHUNKS].join(', ')} are allowed`);
  if (end > bytes.length) throw new LogoFault(`ends within its chunk ${name}`);
  if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4))
    throw new LogoFault(`has a chunk ${name} whose CRC does not fit`);
  if (name === 'IHDR' && length !== 13) throw new LogoFault('has a chunk IHDR of another length than 13');
  return { name, end };
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
