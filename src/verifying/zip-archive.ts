import type { Entry, ZipFile } from 'yauzl';

/** An archive that is not one, or that a reader could be deceived by. The message names the construct. */
export class ArchiveRefused extends Error {}

export interface ArchiveLimits {
  readonly members: number;
  /** Of one member, inflated. */
  memberBytes(path: string): number;
  /** Of all members that are read, inflated. */
  readonly totalBytes: number;
}

/** The members of an archive, each read when it is asked for. */
export interface Archive {
  readonly paths: ReadonlySet<string>;
  /** @throws ArchiveRefused */
  read(path: string): Promise<Buffer>;
}

const STORED = 0;
const DEFLATED = 8;
const FILE_TYPE = 0o170000;
const SYMLINK = 0o120000;
const DESCRIPTOR_FLAG = 0x08;
const MAX_DESCRIPTOR = 24;

/**
 * Lists what a ZIP holds. Every name once, no traversal, no links, no encryption, sizes bounded before reading and counted
 * while reading, local headers as the directory has them, no bytes that belong to no member.
 * @throws ArchiveRefused
 * @see APPNOTE.TXT §4.3
 */
export async function listArchive(zip: ZipFile, limits: ArchiveLimits): Promise<Archive> {
  const entries = new Map<string, Entry>();
  try {
    for await (const entry of zip.eachEntry()) {
      if (entries.size >= limits.members) throw new ArchiveRefused('too many members');
      checkEntry(entry, limits);
      if (entries.has(entry.fileName)) throw new ArchiveRefused('two members of one name');
      entries.set(entry.fileName, entry);
    }
    await checkLocalHeaders(zip, [...entries.values()]);
  } catch (error) {
    throw error instanceof ArchiveRefused ? error : new ArchiveRefused('not a ZIP that can be read safely');
  }
  return readerOf(zip, entries, limits);
}

function checkEntry(entry: Entry, limits: ArchiveLimits): void {
  const refuse = (what: string): never => {
    throw new ArchiveRefused(what);
  };
  if (!/^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)?$/.test(entry.fileName))
    refuse('a member name that Sigill does not write');
  if (entry.isEncrypted()) refuse('an encrypted member');
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) refuse('an unknown compression');
  if (((entry.externalFileAttributes >>> 16) & FILE_TYPE) === SYMLINK) refuse('a symbolic link');
  if (entry.uncompressedSize > limits.memberBytes(entry.fileName)) refuse('a member that is too large');
}

/** A reader that goes by local headers must find the same files; between them nothing can hide. */
async function checkLocalHeaders(zip: ZipFile, entries: readonly Entry[]): Promise<void> {
  let end = 0;
  let slack = 0;
  const inOrder = [...entries].sort((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  for (const entry of inOrder) {
    const header = await zip.readLocalFileHeaderPromise(entry);
    const gap = entry.relativeOffsetOfLocalHeader - end;
    const isSame = header.fileName.equals(entry.fileNameRaw) && header.compressionMethod === entry.compressionMethod;
    if (gap < 0 || gap > slack || !isSame) throw new ArchiveRefused('local headers that differ from the directory');
    end = header.fileDataStart + entry.compressedSize;
    slack = entry.generalPurposeBitFlag & DESCRIPTOR_FLAG ? MAX_DESCRIPTOR : 0;
  }
  const hidden = zip.fileSize - end - tailSize(entries, end);
  if (hidden < 0 || hidden > slack || zip.comment.length > 0) {
    throw new ArchiveRefused('bytes that belong to no member');
  }
}

/** The directory and the records after it, without a comment. @see APPNOTE.TXT §4.3.12–4.3.16 */
function tailSize(entries: readonly Entry[], directoryStart: number): number {
  const directory = entries.reduce(
    (sum, { fileNameLength, extraFieldLength, fileCommentLength }) =>
      sum + 46 + fileNameLength + extraFieldLength + fileCommentLength,
    0,
  );
  const isZip64 = entries.length >= 0xffff || directoryStart >= 0xffffffff || directory >= 0xffffffff;
  return directory + 22 + (isZip64 ? 56 + 20 : 0);
}

function readerOf(zip: ZipFile, entries: ReadonlyMap<string, Entry>, limits: ArchiveLimits): Archive {
  let total = 0;
  return {
    paths: new Set(entries.keys()),
    async read(path) {
      const entry = entries.get(path);
      if (!entry) throw new ArchiveRefused(`no member ${path}`);
      const bytes = await inflate(zip, entry, Math.min(limits.memberBytes(path), limits.totalBytes - total));
      total += bytes.length;
      return bytes;
    },
  };
}

/** What the archive says of its sizes is not believed: the bytes are counted as they come. */
async function inflate(zip: ZipFile, entry: Entry, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      size += (chunk as Buffer).length;
      if (size > limit) throw new ArchiveRefused('members that are too large together');
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    throw error instanceof ArchiveRefused ? error : new ArchiveRefused('a member that cannot be unpacked');
  }
  return Buffer.concat(chunks);
}
