import { pipeline, Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { ArchiveRefused, type ByteSource, type Member } from '../../../evidence-files/zip-archive.ts';

const PIECE = 131_072;

/**
 * A member's octets in pieces, for one that is too large for memory. What the archive says of their number and their CRC is not
 * believed; that they are others is known at the end only.
 * @throws ArchiveRefused; and as the source
 */
export async function* memberChunks(source: ByteSource, member: Member): AsyncGenerator<Buffer> {
  const stored = storedChunks(source, member);
  let [size, crc] = [0, 0];
  for await (const chunk of member.isDeflated ? inflated(stored, member) : stored) {
    size += chunk.length;
    if (size > member.size) throw new ArchiveRefused('zip.member-larger');
    crc = crc32(chunk, crc);
    yield chunk;
  }
  if (size !== member.size) throw new ArchiveRefused('zip.member-size');
  if (crc !== member.crc) throw new ArchiveRefused('zip.member-checksum');
}

function* storedChunks(source: ByteSource, { start, compressedSize }: Member): Generator<Buffer> {
  for (let at = 0; at < compressedSize;) {
    const wanted = Math.min(PIECE, compressedSize - at);
    const chunk = source.read(start + at, wanted);
    if (chunk.length < wanted) throw new ArchiveRefused('zip.member-cut-off');
    yield chunk;
    at += wanted;
  }
}

async function* inflated(stored: Iterable<Buffer>, { compressedSize }: Member): AsyncGenerator<Buffer> {
  const inflater = createInflateRaw();
  // Its failure is that of the inflater, which is read below.
  pipeline(Readable.from(stored), inflater, () => undefined);
  try {
    for await (const chunk of inflater as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    const isZlib = String((error as { readonly code?: unknown } | null)?.code).startsWith('Z_');
    throw isZlib ? new ArchiveRefused('zip.member-packed') : error;
  }
  if (inflater.bytesWritten !== compressedSize) throw new ArchiveRefused('zip.hidden-bytes');
}
