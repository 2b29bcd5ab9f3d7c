import { closeSync, constants, existsSync, fstatSync, openSync, readdirSync, readSync, type Dirent } from 'node:fs';
import { basename, join } from 'node:path';
import { ArchiveRefused } from '../../../evidence-files/zip-archive.ts';
import { BUNDLE_FILE } from '../../../evidence-files/evidence-folder.ts';
import type { Files } from '../../../evidence-files/folder-checks.ts';
import { NoInputError } from './exit-codes.ts';
import { unreadable } from './read-file.ts';
import { sizeLimit } from './zip-files.ts';

/** The entries of a directory. Evidence is at most one folder deep. */
export interface DirectoryListing {
  /** Regular files. */
  readonly files: readonly string[];
  /** Directories with a signature in them; `''` for the directory itself. */
  readonly folders: readonly string[];
  /** Directories without a signature. */
  readonly others: readonly string[];
  /** Neither files nor directories: each is reported, and none is opened. */
  readonly irregular: readonly Irregular[];
}

/** A link could point to another file at each reading; a pipe or a device could block. */
export interface Irregular {
  readonly name: string;
  readonly reason: 'file.link' | 'file.not-regular';
}

export const SIGNATURE = 'signature.b64';

/** @throws NoInputError */
export function listDirectory(root: string): DirectoryListing {
  const entries = list(root);
  const names = (is: (entry: Dirent) => boolean): string[] => entries.filter(is).map(({ name }) => name);
  const files = names((entry) => entry.isFile());
  const directories = names((entry) => entry.isDirectory()).sort();
  // Those among the folder's own files are refused when it is read.
  if (files.includes(SIGNATURE)) return { files, folders: [''], others: directories, irregular: [] };
  const isEvidence = (name: string): boolean =>
    [SIGNATURE, BUNDLE_FILE].some((file) => existsSync(join(root, name, file)));
  return {
    files,
    folders: directories.filter(isEvidence),
    others: directories.filter((name) => !isEvidence(name)),
    irregular: irregularOf(entries),
  };
}

function irregularOf(entries: readonly Dirent[]): readonly Irregular[] {
  return entries
    .filter((entry) => !entry.isFile() && !entry.isDirectory())
    .map((entry) => ({ name: entry.name, reason: entry.isSymbolicLink() ? 'file.link' : 'file.not-regular' }));
}

/**
 * The files of one folder.
 * @throws NoInputError, ArchiveRefused for a symbolic link among them
 */
export function readDirectory(path: string): Files {
  const files = new Map<string, Buffer>();
  for (const entry of list(path)) {
    if (entry.isSymbolicLink())
      throw new ArchiveRefused({ message: 'file.link-inside', parameters: { file: entry.name } });
    // A directory among the files of a folder does not belong there, and is reported.
    if (entry.isDirectory()) files.set(`${entry.name}/`, Buffer.alloc(0));
    else if (entry.isFile()) files.set(entry.name, readRegularFile(join(path, entry.name), sizeLimit(entry.name)));
    else throw new ArchiveRefused({ message: 'file.not-regular-inside', parameters: { file: entry.name } });
  }
  return files;
}

/**
 * The first `limit` bytes of a regular file, and one more if it is longer. Synchronous: a process that reads hundreds of thousands
 * of small files has nothing else to do meanwhile, and the thread pool costs more than the reading.
 * @throws NoInputError
 */
export function readRegularFile(path: string, limit: number): Buffer {
  try {
    // Without O_NONBLOCK, opening a pipe without a writer would block.
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (!fstatSync(descriptor).isFile()) throw notRegular(path);
      return readUpTo(descriptor, limit + 1);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw error instanceof NoInputError ? error : unreadable(path, error);
  }
}

/** A regular file in pieces, however large it is. @throws NoInputError */
export function* readChunks(path: string): Generator<Buffer> {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if (!fstatSync(descriptor).isFile()) throw notRegular(path);
    for (;;) {
      const chunk = Buffer.allocUnsafeSlow(PIECE);
      const count = readSync(descriptor, chunk);
      if (count === 0) return;
      yield chunk.subarray(0, count);
    }
  } catch (error) {
    throw error instanceof NoInputError ? error : unreadable(path, error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

const PIECE = 131_072;

/** Of what is in a directory. @throws NoInputError */
export function listNames(directory: string): readonly string[] {
  return list(directory).map(({ name }) => name);
}

function notRegular(path: string): NoInputError {
  return new NoInputError({ message: 'file.not-regular-inside', parameters: { file: basename(path) } });
}

const CHUNK = 32_768;

function readUpTo(descriptor: number, wanted: number): Buffer {
  const chunks: Buffer[] = [];
  let total = 0;
  while (total < wanted) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK, wanted - total));
    const count = readSync(descriptor, chunk);
    if (count === 0) break;
    // A copy: a slice would keep the whole chunk in memory.
    chunks.push(count < CHUNK / 2 ? Buffer.from(chunk.subarray(0, count)) : chunk.subarray(0, count));
    total += count;
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

function list(directory: string): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    throw unreadable(directory, error);
  }
}
