import { open, type FileHandle } from 'node:fs/promises';
import { SEALED_OVERHEAD, type DataKey } from '../../../vault/envelope.ts';
import type { ByteRange } from './byte-range.ts';

/** Octets of the result that are sealed together. */
export const CHUNK = 65_536;
const SEALED_CHUNK = CHUNK + SEALED_OVERHEAD;

/** How far a result has come: whole chunks in the file, and the octets after them, which are in no file yet. */
export interface Written {
  readonly chunks: number;
  readonly tail: Buffer;
}

/** What a file holds: the result, or what is needed at its end. A chunk of one is none of another. */
export type SealedKind = 'export-chunk' | 'export-notes' | 'export-lines';

export interface Sealing {
  readonly key: DataKey;
  readonly kind: SealedKind;
}

/**
 * Writes a result into a file of sealed chunks. Each names its place and whether it is the last, so none can be cut off, moved or
 * exchanged. The file has nothing else.
 */
export class SealedWriter {
  readonly #file: FileHandle;
  readonly #key: DataKey;
  readonly #kind: SealedKind;
  /** One for all chunks: a new one for each would be most of what an export has to collect. */
  readonly #chunk = Buffer.allocUnsafeSlow(CHUNK);
  #chunks: number;
  #filled: number;

  private constructor(file: FileHandle, { key, kind }: Sealing, { chunks, tail }: Written) {
    this.#file = file;
    this.#key = key;
    this.#kind = kind;
    this.#chunks = chunks;
    this.#filled = tail.copy(this.#chunk);
  }

  /**
   * A new file, which goes on where another ended. What that has beyond those chunks is not taken over.
   * @throws what the file system reports: `EEXIST` where the file is there
   */
  static async create(
    path: string,
    sealing: Sealing,
    before?: Written & { readonly path: string },
  ): Promise<SealedWriter> {
    const file = await open(path, 'wx', 0o600);
    try {
      if (before && before.chunks > 0) await copyChunks(before.path, file, before.chunks);
      return new SealedWriter(file, sealing, before ?? { chunks: 0, tail: Buffer.alloc(0) });
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  get written(): Written {
    return { chunks: this.#chunks, tail: Buffer.from(this.#chunk.subarray(0, this.#filled)) };
  }

  async append(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      // A full chunk is written when more follows: the last one says that it is the last.
      if (this.#filled === CHUNK) {
        await this.#write(this.#chunk, 'more');
        this.#filled = 0;
      }
      const part = bytes.subarray(at, at + CHUNK - this.#filled);
      this.#chunk.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
    }
  }

  /** When it resolves, what was written is on disk. */
  async sync(): Promise<void> {
    await this.#file.datasync();
  }

  /** Writes the last chunk. @returns the length of the result in octets */
  async finish(): Promise<number> {
    const size = this.#chunks * CHUNK + this.#filled;
    await this.#write(this.#chunk.subarray(0, this.#filled), 'last');
    await this.sync();
    return size;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #write(chunk: Uint8Array, place: Place): Promise<void> {
    await this.#file.appendFile(this.#key.seal(this.#kind, nameOf(this.#chunks, place), chunk));
    this.#chunks += 1;
  }
}

/**
 * Octets of a finished result, a chunk at a time.
 * @param size of the whole result
 * @throws Error where the file was altered or cut, and what the file system reports
 */
export async function* readSealed(
  path: string,
  key: DataKey,
  size: number,
  { first, last }: ByteRange,
): AsyncGenerator<Buffer> {
  const file = await open(path, 'r');
  try {
    const end = Math.ceil(size / CHUNK) - 1;
    for (let n = Math.floor(first / CHUNK); n <= Math.floor(last / CHUNK); n += 1) {
      const at = n * CHUNK;
      const length = n === end ? size - at : CHUNK;
      const sealed = await readAt(file, n * SEALED_CHUNK, length + SEALED_OVERHEAD);
      const chunk = key.open('export-chunk', nameOf(n, n === end ? 'last' : 'more'), sealed);
      yield chunk.subarray(Math.max(first - at, 0), last - at + 1);
    }
  } finally {
    await file.close();
  }
}

/**
 * Octets of a file that was not finished, as far as it is written: whole chunks, and those after them.
 * @throws as {@link readSealed}
 */
export async function* readWritten(
  path: string,
  { key, kind }: Sealing,
  { chunks, tail }: Written,
): AsyncGenerator<Buffer> {
  if (chunks > 0) {
    const file = await open(path, 'r');
    try {
      for (let n = 0; n < chunks; n += 1)
        yield key.open(kind, nameOf(n, 'more'), await readAt(file, n * SEALED_CHUNK, SEALED_CHUNK));
    } finally {
      await file.close();
    }
  }
  yield tail;
}

type Place = 'more' | 'last';

function nameOf(index: number, place: Place): string {
  return `${index}:${place}`;
}

async function copyChunks(path: string, to: FileHandle, chunks: number): Promise<void> {
  const from = await open(path, 'r');
  try {
    for (let n = 0; n < chunks; n += 1) await to.appendFile(await readAt(from, n * SEALED_CHUNK, SEALED_CHUNK));
  } finally {
    await from.close();
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  for (let at = 0; at < length;) {
    const { bytesRead } = await file.read(bytes, at, length - at, position + at);
    if (bytesRead === 0) throw new Error('the file of an export is shorter than it was written');
    at += bytesRead;
  }
  return bytes;
}
