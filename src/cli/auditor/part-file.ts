import { constants } from 'node:fs';
import { access, link, lstat, open, rename, rm, unlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf } from '../../kernel/errors.ts';
import { CommandFailure, exitCodes } from './failures.ts';

/** Where a download goes. */
export interface Destination {
  /** Octets that are there already. */
  readonly size: number;
  /** Those octets, in their order. */
  written(): AsyncIterable<Uint8Array>;
  write(bytes: Uint8Array): Promise<void>;
  /** It is whole and right: now it gets its name. */
  finish(): Promise<void>;
  /** Leaves what there is for the next attempt. */
  close(): Promise<void>;
  /** Leaves nothing. */
  remove(): Promise<void>;
}

const CHUNK = 1_048_576;

/**
 * A file that gets its name when it is whole. Until then it is a file beside it, named by the export, with which a later command goes on.
 */
export class PartFile implements Destination {
  readonly size: number;
  readonly #file: FileHandle;
  readonly #part: string;
  readonly #out: string;
  readonly #force: boolean;
  #at: number;

  private constructor(file: FileHandle, names: { part: string; out: string; force: boolean }, size: number) {
    this.#file = file;
    this.#part = names.part;
    this.#out = names.out;
    this.#force = names.force;
    this.#at = this.size = size;
  }

  /**
   * @param force an existing file of this name is replaced
   * @throws CommandFailure
   */
  static async open(out: string, exportId: string, force: boolean): Promise<PartFile> {
    const part = join(dirname(out), `.${basename(out)}.${exportId}.part`);
    try {
      // Of a link that lies there, nothing is followed.
      const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;
      const file = await open(part, flags, 0o600);
      return new PartFile(file, { part, out, force }, (await file.stat()).size);
    } catch (error) {
      throw cannotCreate(part, error);
    }
  }

  async *written(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < this.size;) {
      const { bytesRead, buffer } = await this.#file.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, at);
      if (bytesRead === 0) throw new CommandFailure(`${this.#part} was shortened meanwhile`, exitCodes.ioError);
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.#written(() => this.#file.write(bytes, done, bytes.length - done, this.#at));
      done += bytesWritten;
      this.#at += bytesWritten;
    }
  }

  async finish(): Promise<void> {
    await this.#written(() => this.#file.sync());
    await this.#file.close();
    if (this.#force) await rename(this.#part, this.#out);
    else await nameAnew(this.#part, this.#out);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async remove(): Promise<void> {
    await this.#file.close();
    await rm(this.#part, { force: true });
  }

  async #written<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      throw new CommandFailure(`${this.#part} cannot be written to its end: ${reasonOf(error)}`, exitCodes.ioError);
    }
  }
}

/** Before anything is ordered: whether a file of this name can come to be. @throws CommandFailure */
export async function checkOut(out: string, force: boolean): Promise<void> {
  if (out === '-') return;
  const there = await lstat(out).catch(() => undefined);
  if (there && !force) throw new CommandFailure(`${out} exists (EEXIST); --force replaces it`, exitCodes.cannotCreate);
  if (there && !there.isFile()) throw new CommandFailure(`${out} is no file`, exitCodes.cannotCreate);
  try {
    await access(dirname(out), constants.W_OK | constants.X_OK);
  } catch (error) {
    throw cannotCreate(out, error);
  }
}

/** Unlike a rename, a link never replaces a file that came to be meanwhile. */
async function nameAnew(part: string, out: string): Promise<void> {
  try {
    await link(part, out);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw cannotCreate(out, error);
    // A file system without hard links.
    if (await lstat(out).catch(() => undefined)) throw cannotCreate(out, { code: 'EEXIST' });
    await rename(part, out);
    return;
  }
  await unlink(part);
}

function cannotCreate(path: string, error: unknown): CommandFailure {
  return new CommandFailure(`${path} cannot be created: ${reasonOf(error)}`, exitCodes.cannotCreate);
}

function reasonOf(error: unknown): string {
  return codeOf(error) || 'unwritable';
}
