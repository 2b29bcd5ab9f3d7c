import { open, type FileHandle } from 'node:fs/promises';
import { SEALED_OVERHEAD, type DataKey } from '../../../vault/envelope.ts';
import type { ByteRange } from './byte-range.ts';

/** Octets of the result that are sealed together. */
export const CHUNK = 65_536;
const SEALED_CHUNK = CHUNK + SEALED_OVERHEAD;
/** Chunks that are written, or read, by one call of the file system. */
const BATCH = 8;

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
  /** Sealed chunks that are not in the file yet. */
  readonly #sealed = Buffer.allocUnsafeSlow(BATCH * SEALED_CHUNK);
  #pending = 0;
  /** Chunks in the file, and of these on disk. */
  #flushed: number;
  #synced = 0;
  #chunks: number;
  #filled: number;

  private constructor(file: FileHandle, { key, kind }: Sealing, { chunks, tail }: Written) {
    this.#file = file;
    this.#key = key;
    this.#kind = kind;
    this.#chunks = chunks;
    this.#flushed = chunks;
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

  /** Writes all whole chunks. @returns how far it has come, which is on disk once {@link sync} resolves */
  async flush(): Promise<Written> {
    await this.#write();
    return { chunks: this.#chunks, tail: Buffer.from(this.#chunk.subarray(0, this.#filled)) };
  }

  async append(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      // A full chunk is written when more follows: the last one says that it is the last.
      if (this.#filled === CHUNK) {
        await this.#seal(this.#chunk, 'more');
        this.#filled = 0;
      }
      const part = bytes.subarray(at, at + CHUNK - this.#filled);
      this.#chunk.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
    }
  }

  /** When it resolves, what was flushed before is on disk. */
  async sync(): Promise<void> {
    const flushed = this.#flushed;
    if (flushed === this.#synced) return;
    await this.#file.datasync();
    this.#synced = flushed;
  }

  /** Writes the last chunk. @returns the length of the result in octets */
  async finish(): Promise<number> {
    const size = this.#chunks * CHUNK + this.#filled;
    await this.#seal(this.#chunk.subarray(0, this.#filled), 'last');
    await this.#write();
    await this.sync();
    return size;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #seal(chunk: Uint8Array, place: Place): Promise<void> {
    if (this.#pending > (BATCH - 1) * SEALED_CHUNK) await this.#write();
    const of = { kind: this.#kind, id: nameOf(this.#chunks, place) };
    this.#pending = this.#key.sealInto(this.#sealed, this.#pending, of, chunk);
    this.#chunks += 1;
  }

  async #write(): Promise<void> {
    for (let at = 0; at < this.#pending;)
      at += (await this.#file.write(this.#sealed, at, this.#pending - at)).bytesWritten;
    this.#pending = 0;
    this.#flushed = this.#chunks;
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
    const chunks = { from: Math.floor(first / CHUNK), to: Math.floor(last / CHUNK) + 1 };
    const whole = size + (end + 1) * SEALED_OVERHEAD;
    for await (const [n, sealed] of sealedChunks(file, chunks, whole)) {
      const chunk = key.open('export-chunk', nameOf(n, n === end ? 'last' : 'more'), sealed);
      yield chunk.subarray(Math.max(first - n * CHUNK, 0), last - n * CHUNK + 1);
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
      for await (const [n, sealed] of sealedChunks(file, { from: 0, to: chunks }, chunks * SEALED_CHUNK))
        yield key.open(kind, nameOf(n, 'more'), sealed);
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
    for await (const [, sealed] of sealedChunks(from, { from: 0, to: chunks }, chunks * SEALED_CHUNK))
      await to.appendFile(sealed);
  } finally {
    await from.close();
  }
}

/**
 * Sealed chunks and their places. Each is valid until the next is asked for: all are read into the same memory.
 * @param to the place after the last
 * @param whole how many octets the file has
 */
async function* sealedChunks(
  file: FileHandle,
  { from, to }: { readonly from: number; readonly to: number },
  whole: number,
): AsyncGenerator<readonly [place: number, sealed: Buffer]> {
  const batch = Buffer.allocUnsafeSlow(Math.min(to - from, BATCH) * SEALED_CHUNK);
  for (let begin = from; begin < to; begin += BATCH) {
    const end = Math.min(begin + BATCH, to);
    const octets = batch.subarray(0, Math.min(end * SEALED_CHUNK, whole) - begin * SEALED_CHUNK);
    await readAt(file, begin * SEALED_CHUNK, octets);
    for (let n = begin; n < end; n += 1)
      yield [n, octets.subarray((n - begin) * SEALED_CHUNK, (n - begin + 1) * SEALED_CHUNK)];
  }
}

async function readAt(file: FileHandle, position: number, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesRead } = await file.read(bytes, at, bytes.length - at, position + at);
    if (bytesRead === 0) throw new Error('the file of an export is shorter than it was written');
    at += bytesRead;
  }
}
