import { once } from 'node:events';
import { PassThrough, type Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** Written as DOS time, which has no zone, so the bytes do not depend on where and when the archive is made. */
const FIXED_TIME = new Date(1980, 0, 1);
const FILE_MODE = 0o100644;
const SCRIPT_MODE = 0o100755;

/**
 * A ZIP that is written as it grows. Files are stored, not deflated: then the bytes do not depend on zlib's version, and each file is
 * written while it is added. yazl would buffer everything for a slow reader, so `add` waits for the reader:
 * at most one file is in memory.
 */
export class Archive {
  readonly #zip = new ZipFile();
  readonly #stream: PassThrough;
  readonly #written: Promise<void>;

  constructor(out: Writable) {
    const stream: unknown = this.#zip.outputStream;
    if (!(stream instanceof PassThrough))
      throw new TypeError('the output stream of the library yazl is not a PassThrough');
    this.#stream = stream;
    this.#written = pipeline(this.#stream, out);
    // The next add, or the end, throws the failure.
    this.#written.catch(() => undefined);
  }

  /** @throws if the reader has disconnected */
  async add(path: string, bytes: Uint8Array): Promise<void> {
    if (this.#stream.destroyed) await this.#written;
    const mode = path.endsWith('.sh') ? SCRIPT_MODE : FILE_MODE;
    const options = { mtime: FIXED_TIME, mode, forceDosTimestamp: true, compress: false };
    this.#zip.addBuffer(Buffer.from(bytes), path, options);
    if (this.#stream.writableNeedDrain) await Promise.race([once(this.#stream, 'drain'), this.#written]);
  }

  /** Writes the directory and waits for the last byte. @throws if the reader has disconnected */
  async end(): Promise<void> {
    this.#zip.end();
    await this.#written;
  }

  /** Aborts the archive, which is not valid then. */
  async abort(): Promise<void> {
    this.#stream.destroy(new Error('the export was aborted'));
    await this.#written.catch(() => undefined);
  }
}

/** A ZIP of one evidence folder, in a directory with its name. */
export async function packFolder(name: string, files: ReadonlyMap<string, Uint8Array>): Promise<Buffer> {
  const out = new PassThrough();
  const bytes = buffer(out);
  const archive = new Archive(out);
  for (const [file, content] of files) await archive.add(`${name}/${file}`, content);
  await archive.end();
  return bytes;
}
