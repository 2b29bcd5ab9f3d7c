import { crc32, inflateRawSync } from 'node:zlib';
import { fromRandomAccessReaderPromise, RandomAccessReader, type Entry, type ZipFile } from 'yauzl';
import { endLength, endsWith } from '../crypto/zip/zip-end.ts';
import { FileError, type FileReason } from './file-messages.ts';

/** An archive that is not one, or that a reader could be deceived by. The message names the construct. */
export class ArchiveRefused extends FileError {}

/** Octets that can be read from anywhere. */
export interface ByteSource {
  readonly size: number;
  /** The octets from `position` on: `length` of them, or fewer where the source ends. */
  read(position: number, length: number): Buffer;
}

/** Octets in memory as a source. */
export function sourceOf(bytes: Buffer): ByteSource {
  return { size: bytes.length, read: (position, length) => bytes.subarray(position, position + length) };
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
  readonly crc: number;
  readonly isDeflated: boolean;
}

/** What a ZIP holds. */
export interface Listing {
  /** By path. */
  readonly members: ReadonlyMap<string, Member>;
  /** Folders that have a member of their own, as programs that pack them again write them: without their slash. */
  readonly folders: readonly string[];
}

const STORED = 0;
const DEFLATED = 8;
const FILE_TYPE = 0o170000;
const SYMLINK = 0o120000;
const REGULAR = 0o100000;
const DIRECTORY = 0o040000;
/** What MS-DOS calls a directory. Readers go by this, by the type of Unix, or by the slash. */
const DOS_DIRECTORY = 0x10;
const DESCRIPTOR_FLAG = 0x08;
/** How well it was packed, a descriptor behind the member, names in UTF-8: none changes what a member is. */
const KNOWN_FLAGS = 0x06 | DESCRIPTOR_FLAG | 0x0800;
const LOCAL_HEADER = 30;
const LOCAL_SIGNATURE = 0x04034b50;
const DESCRIPTOR_SIGNATURE = 0x08074b50;
/** Four numbers, the first of which may be left out. */
const DESCRIPTOR = 16;
const ZIP64 = 0x0001;
/** Times and owners as zip, macOS, 7-Zip and jar write them. Others may name or shape a member anew. */
const HARMLESS_FIELDS: readonly number[] = [0x000a, 0x5455, 0x5855, 0x7855, 0x7875, 0xcafe];
const LONGEST_FIELD = 32;

/**
 * Lists what a ZIP holds, by path. Every name once (upper and lower case are one where it may be unpacked), no traversal, no
 * links, no encryption, sizes bounded before reading. Local headers and data descriptors say in every field what the directory
 * says, the end says where the directory is, and no byte belongs to no member: every reader finds the same files.
 * @throws ArchiveRefused; and whatever the source throws
 * @see APPNOTE.TXT §4.3
 */
export async function listArchive(source: ByteSource, limits: ArchiveLimits): Promise<Listing> {
  const reader = new SourceReader(source);
  try {
    const zip = await openZip(reader, source);
    const listed = new Map<string, Listed>();
    const names = new Set<string>();
    let directoryBytes = 0;
    for await (const entry of zip.eachEntry()) {
      if (listed.size >= limits.members) throw new ArchiveRefused('zip.too-many');
      checkEntry(entry, limits);
      // A file and a folder of one name would not go beside each other either.
      const name = entry.fileName.toLowerCase().replace(/\/$/, '');
      if (names.has(name)) throw new ArchiveRefused('zip.name-twice');
      names.add(name);
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
 * A member's octets. What the archive says of their number and their CRC is not believed.
 * @throws ArchiveRefused
 */
export function readMember(source: ByteSource, member: Member, limit: number): Buffer {
  const { start, compressedSize, size, crc, isDeflated } = member;
  if (Math.max(compressedSize, size) > limit) throw new ArchiveRefused('zip.too-large-together');
  const octets = source.read(start, compressedSize);
  if (octets.length < compressedSize) throw new ArchiveRefused('zip.member-cut-off');
  const bytes = isDeflated ? inflate(octets, size) : octets;
  if (bytes.length !== size) throw new ArchiveRefused('zip.member-size');
  if (crc32(bytes) !== crc) throw new ArchiveRefused('zip.member-checksum');
  return bytes;
}

/** Stops at `size`, however much more there would be; and nothing lies behind the end of what is packed. */
function inflate(octets: Buffer, size: number): Buffer {
  const { bytes, used } = inflateSome(octets, size);
  if (used !== octets.length) throw new ArchiveRefused('zip.hidden-bytes');
  return bytes;
}

function inflateSome(octets: Buffer, size: number): { readonly bytes: Buffer; readonly used: number } {
  try {
    const done: unknown = inflateRawSync(octets, { maxOutputLength: Math.max(size, 1), info: true });
    // With `info` Node gives both; its types do not know that.
    const { buffer, engine } = done as { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } };
    return { bytes: buffer, used: engine.bytesWritten };
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
  const refuse = (reason: FileReason): never => {
    throw new ArchiveRefused(reason);
  };
  const isFolder = entry.fileName.endsWith('/') && entry.uncompressedSize === 0 && entry.compressedSize === 0;
  const name = isFolder ? entry.fileName.slice(0, -1) : entry.fileName;
  // A part that is a dot is no part: `./a` is unpacked as `a`.
  if (!/^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)?$/.test(name) || name.split('/').includes('.'))
    refuse('zip.foreign-name');
  if (entry.isEncrypted()) refuse('zip.encrypted');
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) refuse('zip.compression');
  const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE;
  if (type === SYMLINK) refuse('zip.link');
  const isSaidFolder = type === DIRECTORY || (entry.externalFileAttributes & DOS_DIRECTORY) !== 0;
  if (![0, REGULAR, DIRECTORY].includes(type) || (isSaidFolder && !isFolder)) refuse('zip.special');
  if ((entry.generalPurposeBitFlag & ~KNOWN_FLAGS) !== 0) refuse('zip.flags');
  if (entry.fileCommentLength > 0) refuse('zip.hidden-bytes');
  if (!entry.extraFields.every(({ id, data }) => isHarmless(id, data.length, [ZIP64]))) refuse('zip.extra-field');
  if (entry.uncompressedSize > limits.memberBytes(entry.fileName)) refuse('zip.member-too-large');
}

/** What the directory says of a member. */
interface Listed {
  readonly header: number;
  readonly flags: number;
  readonly method: number;
  readonly time: number;
  readonly date: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
}

function listedOf(entry: Entry): Listed {
  return {
    header: entry.relativeOffsetOfLocalHeader,
    flags: entry.generalPurposeBitFlag,
    method: entry.compressionMethod,
    time: entry.lastModFileTime,
    date: entry.lastModFileDate,
    crc: entry.crc32,
    compressedSize: entry.compressedSize,
    size: entry.uncompressedSize,
  };
}

/** A reader that goes by local headers must find the same files; between them nothing can hide. */
function locate(source: ByteSource, listed: ReadonlyMap<string, Listed>, directoryBytes: number): Listing {
  const members = new Map<string, Member>();
  const folders: string[] = [];
  let end = 0;
  for (const [path, one] of inOrder(listed)) {
    if (one.header !== end) throw one.header > end ? new ArchiveRefused('zip.hidden-bytes') : differing();
    const start = startOf(source, path, one);
    const { compressedSize, size, crc, method } = one;
    if (path.endsWith('/')) folders.push(path.slice(0, -1));
    else members.set(path, { start, compressedSize, size, crc, isDeflated: method === DEFLATED });
    end = start + compressedSize + descriptorOf(source, start + compressedSize, one);
  }
  const directory = { members: listed.size, start: end, size: directoryBytes };
  if (source.size !== end + directoryBytes + endLength(directory)) throw new ArchiveRefused('zip.hidden-bytes');
  if (!endsWith(directory, (position, length) => source.read(position, length))) throw differing();
  return { members, folders };
}

function inOrder(listed: ReadonlyMap<string, Listed>): (readonly [path: string, Listed])[] {
  return [...listed].sort(([, a], [, b]) => a.header - b.header);
}

/**
 * Where the octets begin, behind a local header that says what the directory says. Where a descriptor follows, the header has
 * no numbers; a member that is stored must have them, or a reader from the front could not find its end.
 * @see APPNOTE.TXT §4.3.7, §4.4.4
 */
function startOf(source: ByteSource, path: string, listed: Listed): number {
  const { header: at, flags, method, time, date } = listed;
  const header = source.read(at, LOCAL_HEADER + path.length);
  if (header.length < LOCAL_HEADER + path.length || header.readUInt32LE(0) !== LOCAL_SIGNATURE) throw differing();
  const hasDescriptor = (flags & DESCRIPTOR_FLAG) !== 0;
  if (hasDescriptor && method === STORED) throw new ArchiveRefused('zip.flags');
  const { crc, compressedSize, size } = hasDescriptor ? { crc: 0, compressedSize: 0, size: 0 } : listed;
  const wanted = [flags, method, time, date].every((value, n) => header.readUInt16LE(6 + 2 * n) === value);
  const isSame =
    wanted &&
    [crc, compressedSize, size].every((value, n) => header.readUInt32LE(14 + 4 * n) === value) &&
    header.readUInt16LE(26) === path.length &&
    header.toString('latin1', LOCAL_HEADER) === path;
  if (!isSame) throw differing();
  const extraLength = header.readUInt16LE(28);
  checkExtraFields(source.read(at + header.length, extraLength), extraLength);
  return at + header.length + extraLength;
}

/** @see APPNOTE.TXT §4.5 */
function checkExtraFields(fields: Buffer, length: number): void {
  let at = 0;
  while (at + 4 <= fields.length) {
    const size = fields.readUInt16LE(at + 2);
    if (!isHarmless(fields.readUInt16LE(at), size)) throw new ArchiveRefused('zip.extra-field');
    at += 4 + size;
  }
  if (at !== length) throw new ArchiveRefused('zip.extra-field');
}

function isHarmless(id: number, size: number, others: readonly number[] = []): boolean {
  return (HARMLESS_FIELDS.includes(id) || others.includes(id)) && size <= LONGEST_FIELD;
}

/** How long the descriptor behind a member is, which says what the directory says. @see APPNOTE.TXT §4.3.9 */
function descriptorOf(source: ByteSource, at: number, { flags, crc, compressedSize, size }: Listed): number {
  if ((flags & DESCRIPTOR_FLAG) === 0) return 0;
  const descriptor = source.read(at, DESCRIPTOR);
  const says = (values: readonly number[]): boolean =>
    descriptor.length >= 4 * values.length && values.every((value, n) => descriptor.readUInt32LE(4 * n) === value);
  if (says([DESCRIPTOR_SIGNATURE, crc, compressedSize, size])) return DESCRIPTOR;
  if (says([crc, compressedSize, size])) return DESCRIPTOR - 4;
  throw differing();
}

function differing(): ArchiveRefused {
  return new ArchiveRefused('zip.headers-differ');
}

/** yauzl's way of reading. An error of the source is kept, to be distinguished from a fault that yauzl finds. */
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
