import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { DirectoryFault, codeOf, directoryFault } from './directory-fault.ts';

/** A file to write, by its path below the directory. */
export interface NamedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Files below one directory, which are on disk when the methods return. Needs hard links and an atomic `rename`, as POSIX file
 * systems and NFS have them.
 */
export class DurableFiles {
  constructor(readonly root: string) {}

  /** @returns undefined where there is no such file @throws DirectoryFault */
  async find(path: string): Promise<Buffer | undefined> {
    try {
      return await readFile(join(this.root, path));
    } catch (error) {
      if (!['ENOENT', 'ENOTDIR'].includes(codeOf(error))) throw directoryFault(error, path);
      await this.checkRoot();
      return undefined;
    }
  }

  /**
   * Writes files that are there with the same bytes or not at all, and never changes one.
   * @throws DirectoryFault `differs` where one is there with other bytes
   */
  async create(files: readonly NamedFile[]): Promise<void> {
    await this.checkRoot();
    for (const file of files) await this.#attempt(file.path, () => this.#createOne(file));
    const folders = new Set(files.flatMap(({ path }) => this.#foldersOf(path)));
    for (const folder of folders) await this.#attempt(relative(this.root, folder), () => sync(folder));
  }

  /** Puts a file in the place of another in one step. @throws DirectoryFault */
  async replace({ path, bytes }: NamedFile): Promise<void> {
    await this.checkRoot();
    await this.#attempt(path, async () => {
      const target = join(this.root, path);
      await mkdir(dirname(target), { recursive: true });
      await written(target, bytes, (temporary) => rename(temporary, target));
      for (const folder of this.#foldersOf(path)) await sync(folder);
    });
  }

  /** @throws DirectoryFault `gone` where the directory is not there: it is never made, because it may be a mount that is missing */
  async checkRoot(): Promise<void> {
    const root = await stat(this.root).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw directoryFault(error, '');
    });
    if (!root?.isDirectory()) throw new DirectoryFault('gone', '');
  }

  async #createOne({ path, bytes }: NamedFile): Promise<void> {
    const target = join(this.root, path);
    await mkdir(dirname(target), { recursive: true });
    if (await this.#isThere(path, bytes)) return;
    await written(target, bytes, async (temporary) => {
      try {
        await link(temporary, target);
      } catch (error) {
        // Another instance was first.
        if (codeOf(error) !== 'EEXIST' || !(await this.#isThere(path, bytes))) throw error;
      }
    });
  }

  async #isThere(path: string, bytes: Uint8Array): Promise<boolean> {
    const there = await this.find(path);
    if (there && !there.equals(bytes)) throw new DirectoryFault('differs', path);
    return there !== undefined;
  }

  /** From the root to the folder of the file, any of which may be new. */
  #foldersOf(path: string): readonly string[] {
    const names = dirname(path).split('/');
    return [this.root, ...names.map((_, at) => join(this.root, ...names.slice(0, at + 1)))];
  }

  async #attempt(path: string, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      throw directoryFault(error, path);
    }
  }
}

/** Writes a temporary file beside the target, and gives it the target's name by `place`. */
async function written(target: string, bytes: Uint8Array, place: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${target}.${randomUUID()}.new`;
  try {
    const file = await open(temporary, 'wx', 0o644);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await place(temporary);
  } finally {
    await unlink(temporary).catch(() => undefined);
  }
}

/** Makes the names in a folder durable. */
async function sync(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
