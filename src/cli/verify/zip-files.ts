import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { NoInputError } from './exit-codes.ts';
import { ArchiveRefused, sizeLimit, type FileSet } from './file-set.ts';
import { codeOf } from './read-file.ts';

const MAX_ENTRIES = 200_000;
const STORED = 0;
const DEFLATED = 8;
const FILE_TYPE = 0o170000;
const SYMLINK = 0o120000;
const DESCRIPTOR_FLAG = 0x08;
const MAX_DESCRIPTOR = 24;

/**
 * The files of a ZIP. Nothing is unpacked to disk; every name once, no traversal, no links, no encryption, sizes bounded
 * before reading, local headers as the directory has them, no bytes that belong to no member.
 * @throws NoInputError, ArchiveRefused
 * @see APPNOTE.TXT §4.3
 */
export async function openZip(path: string): Promise<FileSet> {
  const zip = await open(path);
  try {
    const entries = new Map<string, Entry>();
    for await (const entry of zip.eachEntry()) {
      if (entries.size >= MAX_ENTRIES) throw new ArchiveRefused('too many members');
      checkEntry(entry);
      if (entries.has(entry.fileName)) throw new ArchiveRefused('two members of one name');
      entries.set(entry.fileName, entry);
    }
    await checkLocalHeaders(zip, [...entries.values()]);
    return fileSet(zip, entries);
  } catch (error) {
    zip.close();
    throw error instanceof ArchiveRefused ? error : new ArchiveRefused('not a ZIP that can be read safely');
  }
}

async function open(path: string): Promise<ZipFile> {
  try {
    return await openPromise(path, {
      lazyEntries: true,
      autoClose: false,
      strictFileNames: true,
      validateEntrySizes: true,
    });
  } catch (error) {
    if (codeOf(error) === 'unreadable') throw new ArchiveRefused('not a ZIP');
    throw new NoInputError(`cannot read ${path}: ${codeOf(error)}`);
  }
}

function checkEntry(entry: Entry): void {
  const refuse = (what: string): never => {
    throw new ArchiveRefused(what);
  };
  if (!/^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)?$/.test(entry.fileName))
    refuse('a member name that Sigill does not write');
  if (entry.isEncrypted()) refuse('an encrypted member');
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) refuse('an unknown compression');
  if (((entry.externalFileAttributes >>> 16) & FILE_TYPE) === SYMLINK) refuse('a symbolic link');
  if (entry.uncompressedSize > sizeLimit(entry.fileName)) refuse('a member that is too large');
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
}

function fileSet(zip: ZipFile, entries: ReadonlyMap<string, Entry>): FileSet {
  return {
    paths: new Set(entries.keys()),
    async read(path) {
      const entry = entries.get(path);
      if (!entry) throw new NoInputError(`no member ${path}`);
      const chunks: Buffer[] = [];
      try {
        // yauzl ends the stream with an error where a member is longer than it says.
        for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
      } catch {
        throw new ArchiveRefused('a member that cannot be unpacked');
      }
      return Buffer.concat(chunks);
    },
    close() {
      zip.close();
      return Promise.resolve();
    },
  };
}
