import { randomUUID } from 'node:crypto';
import { link, mkdir, open, opendir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { SECOND_MS } from '../../kernel/clock.ts';
import { codeOf } from '../../kernel/errors.ts';
import { BoundedCalls } from './bounded-calls.ts';
import { DirectoryFault, directoryFault } from './directory-fault.ts';

/** A file to write, by its path below the directory. */
export interface NamedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Less than a transaction may be idle in which a file is written. */
const PATIENCE_MS = 15 * SECOND_MS;

/**
 * Files below one directory, which are on disk when the methods return. Needs hard links and an atomic `rename`, as POSIX file
 * systems and NFS have them.
 */
export class DurableFiles {
  readonly #calls: BoundedCalls;

  /** @param patienceMs how long the file system may take for one step, before it counts as `unavailable` */
  constructor(
    readonly root: string,
    patienceMs = PATIENCE_MS,
  ) {
    this.#calls = new BoundedCalls(patienceMs);
  }

  /** @returns undefined where there is no such file @throws DirectoryFault */
  async find(path: string): Promise<Buffer | undefined> {
    try {
      return await this.#calls.run(() => readFile(join(this.root, path)));
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
    for (const folder of folders) await this.#attempt(relative(this.root, folder), () => this.#sync(folder));
  }

  /** Puts a file in the place of another in one step. @throws DirectoryFault */
  async replace({ path, bytes }: NamedFile): Promise<void> {
    await this.checkRoot();
    await this.#attempt(path, async () => {
      const target = join(this.root, path);
      await this.#makeFolder(target);
      await this.#calls.run(() => written(target, bytes, (temporary) => rename(temporary, target)));
      for (const folder of this.#foldersOf(path)) await this.#sync(folder);
    });
  }

  /** @throws DirectoryFault `gone` where the directory is not there: it is never made, because it may be a mount that is missing */
  async checkRoot(): Promise<void> {
    const root = await this.#calls
      .run(() => stat(this.root))
      .catch((error: unknown) => {
        if (codeOf(error) === 'ENOENT') return undefined;
        throw directoryFault(error, '');
      });
    if (!root?.isDirectory()) throw new DirectoryFault('gone', '');
  }

  /** The names in a folder, in no order; none where it is not there. @throws DirectoryFault */
  async *names(folder: string): AsyncGenerator<string> {
    try {
      const opened = await this.#calls.run(() => opendir(join(this.root, folder), { bufferSize: 1024 }));
      try {
        const next = () => this.#calls.run(() => opened.read());
        for (let entry = await next(); entry; entry = await next()) yield entry.name;
      } finally {
        await this.#calls.run(() => opened.close());
      }
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw directoryFault(error, folder);
      await this.checkRoot();
    }
  }

  async #createOne({ path, bytes }: NamedFile): Promise<void> {
    const target = join(this.root, path);
    await this.#makeFolder(target);
    if (await this.#isThere(path, bytes)) return;
    try {
      await this.#calls.run(() => written(target, bytes, (temporary) => link(temporary, target)));
    } catch (error) {
      // Another instance was first.
      if (codeOf(error) !== 'EEXIST' || !(await this.#isThere(path, bytes))) throw error;
    }
  }

  async #makeFolder(target: string): Promise<void> {
    await this.#calls.run(() => mkdir(dirname(target), { recursive: true }));
  }

  /** Makes the names in a folder durable. */
  async #sync(folder: string): Promise<void> {
    await this.#calls.run(() => sync(folder));
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
