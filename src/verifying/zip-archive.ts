import { inflateRawSync } from 'node:zlib';
import { fromRandomAccessReaderPromise, RandomAccessReader, type Entry, type ZipFile } from 'yauzl';
import { FileError, type FileSaid } from './file-messages.ts';

/** An archive that is not one, or that a reader could be deceived by. The message names the construct. */
export class ArchiveRefused extends FileError {}

/** Octets that can be read from anywhere. */
export interface ByteSource {
  readonly size: number;
  /** The octets from `position` on: `length` of them, or fewer where the source ends. */
  read(position: number, length: number): Buffer;
}

export interface ArchiveLimits {
  readonly members: number;
  /** Of one member, inflated. */
  memberBytes(path: string): number;
}

/** Where a member's octets are. Plain data: another thread can read them. */
export interface Member {
  readonly start: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly isDeflated: boolean;
}

const STORED = 0;
const DEFLATED = 8;
const FILE_TYPE = 0o170000;
const SYMLINK = 0o120000;
const DESCRIPTOR_FLAG = 0x08;
const MAX_DESCRIPTOR = 24;
const LOCAL_HEADER = 30;
const LOCAL_SIGNATURE = 0x04034b50;

/**
 * Lists what a ZIP holds, by path. Every name once, no traversal, no links, no encryption, sizes bounded before reading, local
 * headers as the directory has them, no bytes that belong to no member.
 * @throws ArchiveRefused; and whatever the source throws
 * @see APPNOTE.TXT §4.3
 */
export async function listArchive(source: ByteSource, limits: ArchiveLimits): Promise<ReadonlyMap<string, Member>> {
  const reader = new SourceReader(source);
  try {
    const zip = await openZip(reader, source);
    const listed = new Map<string, Listed>();
    let directoryBytes = 0;
    for await (const entry of zip.eachEntry()) {
      if (listed.size >= limits.members) throw new ArchiveRefused('zip.too-many');
      checkEntry(entry, limits);
      if (listed.has(entry.fileName)) throw new ArchiveRefused('zip.name-twice');
      listed.set(entry.fileName, listedOf(entry));
      directoryBytes += 46 + entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength;
    }
    if (zip.comment.length > 0) throw new ArchiveRefused('zip.hidden-bytes');
    return locate(source, listed, directoryBytes);
  } catch (error) {
    if (reader.failure !== undefined) throw reader.failure;
    throw error instanceof ArchiveRefused ? error : new ArchiveRefused('zip.unsafe');
  }
}

/**
 * A member's octets. What the archive says of their number is not believed.
 * @throws ArchiveRefused
 */
export function readMember(source: ByteSource, member: Member, limit: number): Buffer {
  const { start, compressedSize, size, isDeflated } = member;
  if (Math.max(compressedSize, size) > limit) throw new ArchiveRefused('zip.too-large-together');
  const octets = source.read(start, compressedSize);
  if (octets.length < compressedSize) throw new ArchiveRefused('zip.member-cut-off');
  const bytes = isDeflated ? inflate(octets, size) : octets;
  if (bytes.length !== size) throw new ArchiveRefused('zip.member-size');
  return bytes;
}

/** Stops at `size`, however much more there would be. */
function inflate(octets: Buffer, size: number): Buffer {
  try {
    return inflateRawSync(octets, { maxOutputLength: Math.max(size, 1) });
  } catch (error) {
    const isLarger = (error as { readonly code?: unknown } | null)?.code === 'ERR_BUFFER_TOO_LARGE';
    throw new ArchiveRefused(isLarger ? 'zip.member-larger' : 'zip.member-packed');
  }
}

async function openZip(reader: SourceReader, source: ByteSource): Promise<ZipFile> {
  try {
    return await fromRandomAccessReaderPromise(reader, source.size, {
      lazyEntries: true,
      autoClose: false,
      strictFileNames: true,
      validateEntrySizes: true,
    });
  } catch {
    if (reader.failure !== undefined) throw reader.failure;
    const isBegun = source.read(0, 4).toString('latin1').startsWith('PK');
    throw new ArchiveRefused(isBegun ? 'zip.cut-off' : 'zip.no-zip');
  }
}

function checkEntry(entry: Entry, limits: ArchiveLimits): void {
  const refuse = (said: FileSaid): never => {
    throw new ArchiveRefused(said);
  };
  const isFolder = entry.fileName.endsWith('/') && entry.uncompressedSize === 0 && entry.compressedSize === 0;
  const name = isFolder ? entry.fileName.slice(0, -1) : entry.fileName;
  if (!/^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)?$/.test(name)) refuse('zip.foreign-name');
  if (entry.isEncrypted()) refuse('zip.encrypted');
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) refuse('zip.compression');
  if (((entry.externalFileAttributes >>> 16) & FILE_TYPE) === SYMLINK) refuse('zip.link');
  if (entry.uncompressedSize > limits.memberBytes(entry.fileName)) refuse('zip.member-too-large');
}

/** What the directory says of a member. */
interface Listed {
  readonly header: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly method: number;
  readonly hasDescriptor: boolean;
}

function listedOf(entry: Entry): Listed {
  return {
    header: entry.relativeOffsetOfLocalHeader,
    compressedSize: entry.compressedSize,
    size: entry.uncompressedSize,
    method: entry.compressionMethod,
    hasDescriptor: (entry.generalPurposeBitFlag & DESCRIPTOR_FLAG) !== 0,
  };
}

/** A reader that goes by local headers must find the same files; between them nothing can hide. */
function locate(
  source: ByteSource,
  listed: ReadonlyMap<string, Listed>,
  directoryBytes: number,
): ReadonlyMap<string, Member> {
  const members = new Map<string, Member>();
  let end = 0;
  let slack = 0;
  for (const [path, { header, compressedSize, size, method, hasDescriptor }] of inOrder(listed)) {
    const gap = header - end;
    if (gap < 0 || gap > slack) throw differing();
    const start = startOf(source, header, path, method);
    // Whoever packs a folder again gets a member for the folder itself.
    if (!path.endsWith('/')) members.set(path, { start, compressedSize, size, isDeflated: method === DEFLATED });
    end = start + compressedSize;
    slack = hasDescriptor ? MAX_DESCRIPTOR : 0;
  }
  const isZip64 = listed.size >= 0xffff || end >= 0xffffffff || directoryBytes >= 0xffffffff;
  // The directory and the records after it. @see APPNOTE.TXT §4.3.12–4.3.16
  const hidden = source.size - end - (directoryBytes + 22 + (isZip64 ? 56 + 20 : 0));
  if (hidden < 0 || hidden > slack) throw new ArchiveRefused('zip.hidden-bytes');
  return members;
}

function inOrder(listed: ReadonlyMap<string, Listed>): (readonly [path: string, Listed])[] {
  return [...listed].sort(([, a], [, b]) => a.header - b.header);
}

/** Where the octets begin, behind a local header of the same name and method. @see APPNOTE.TXT §4.3.7 */
function startOf(source: ByteSource, at: number, path: string, method: number): number {
  const header = source.read(at, LOCAL_HEADER + path.length);
  const isSame =
    header.length === LOCAL_HEADER + path.length &&
    header.readUInt32LE(0) === LOCAL_SIGNATURE &&
    header.readUInt16LE(8) === method &&
    header.readUInt16LE(26) === path.length &&
    header.toString('latin1', LOCAL_HEADER) === path;
  if (!isSame) throw differing();
  return at + LOCAL_HEADER + path.length + header.readUInt16LE(28);
}

function differing(): ArchiveRefused {
  return new ArchiveRefused('zip.headers-differ');
}

/** yauzl's way of reading. What the source threw is kept, to be told from what yauzl finds wrong. */
class SourceReader extends RandomAccessReader {
  failure: Error | undefined;
  readonly #source: ByteSource;

  constructor(source: ByteSource) {
    super();
    this.#source = source;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    const copied = this.#copy(buffer, offset, length, position);
    callback(copied === length ? null : new Error('unexpected end', { cause: this.failure }));
  }

  #copy(buffer: Buffer, offset: number, length: number, position: number): number {
    try {
      return this.#source.read(position, length).copy(buffer, offset);
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error('unreadable');
      return 0;
    }
  }
}
