import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ArchiveRefused } from '../../verifying/zip-archive.ts';
import { NoInputError } from './exit-codes.ts';
import { sizeLimit, type FileSet } from './file-set.ts';
import { codeOf, readInput } from './read-file.ts';

/**
 * The files of a directory and of the directories in it; deeper ones are not evidence.
 * @throws NoInputError, ArchiveRefused for a symbolic link, which could show another file at every look
 */
export async function openDirectory(root: string): Promise<FileSet> {
  const paths = new Set<string>();
  for (const entry of await list(root)) {
    if (entry.isDirectory()) {
      for (const inner of await list(join(root, entry.name))) addFile(`${entry.name}/${inner.name}`, inner, paths);
    } else addFile(entry.name, entry, paths);
  }
  return {
    paths,
    read: (path) => readInput(join(root, path), sizeLimit(path)),
    close: () => Promise.resolve(),
  };
}

interface Entry {
  readonly name: string;
  isDirectory(): boolean;
  isFile(): boolean;
  isSymbolicLink(): boolean;
}

async function list(directory: string): Promise<readonly Entry[]> {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch (error) {
    throw new NoInputError(`cannot read ${directory}: ${codeOf(error)}`);
  }
}

function addFile(path: string, entry: Entry, paths: Set<string>): void {
  if (entry.isSymbolicLink()) throw new ArchiveRefused(`${path} is a symbolic link`);
  if (entry.isFile()) paths.add(path);
}
