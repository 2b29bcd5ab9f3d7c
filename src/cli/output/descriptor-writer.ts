import { write } from 'node:fs';
import { Writable } from 'node:stream';

/** After this time a full pipe is tried again. */
const RETRY_MS = 1;

/**
 * Writes to a file or pipe that was opened elsewhere, and does not close it. Where a pipe is set to fail while it is full (EAGAIN), as
 * Node sets the standard output of a process with threads, it waits for the reader as long as that takes; a stream of `node:fs` gives up.
 */
export class DescriptorWriter extends Writable {
  constructor(
    private readonly fd: number,
    highWaterMark: number,
  ) {
    super({ highWaterMark });
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    write(this.fd, chunk, (error, written) => {
      if (error?.code === 'EAGAIN') setTimeout(() => this._write(chunk, encoding, done), RETRY_MS);
      else if (error || written === chunk.length) done(error);
      else this._write(chunk.subarray(written), encoding, done);
    });
  }
}
