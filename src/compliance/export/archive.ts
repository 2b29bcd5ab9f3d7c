import { once } from 'node:events';
import { PassThrough, type Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** Written as DOS time, which has no zone: the same bytes wherever and whenever the archive is made. */
const FIXED_TIME = new Date(1980, 0, 1);
const FILE_MODE = 0o100644;
const SCRIPT_MODE = 0o100755;

/**
 * A ZIP written as it grows. Files are stored, not deflated: the bytes then depend on no version of zlib, and each file is
 * written while it is added. yazl would take in everything at once, however slow the reader is, so `add` waits for it:
 * no more than one file is ever held.
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
    // A failure is thrown by the next add, or by the end.
    this.#written.catch(() => undefined);
  }

  /** @throws when the reader has disconnected */
  async add(path: string, bytes: Uint8Array): Promise<void> {
    if (this.#stream.destroyed) await this.#written;
    const mode = path.endsWith('.sh') ? SCRIPT_MODE : FILE_MODE;
    const options = { mtime: FIXED_TIME, mode, forceDosTimestamp: true, compress: false };
    this.#zip.addBuffer(Buffer.from(bytes), path, options);
    if (this.#stream.writableNeedDrain) await Promise.race([once(this.#stream, 'drain'), this.#written]);
  }

  /** Writes the directory and waits for the last byte. @throws when the reader has disconnected */
  async end(): Promise<void> {
    this.#zip.end();
    await this.#written;
  }

  /** Gives up: what was written so far is no archive. */
  async abort(): Promise<void> {
    this.#stream.destroy(new Error('the export was given up'));
    await this.#written.catch(() => undefined);
  }
}

/** A ZIP of one evidence folder, in a directory of its name. */
export async function packFolder(name: string, files: ReadonlyMap<string, Uint8Array>): Promise<Buffer> {
  const out = new PassThrough();
  const bytes = buffer(out);
  const archive = new Archive(out);
  for (const [file, content] of files) await archive.add(`${name}/${file}`, content);
  await archive.end();
  return bytes;
}
