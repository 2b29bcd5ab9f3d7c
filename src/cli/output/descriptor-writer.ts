import { write } from 'node:fs';
import { Writable } from 'node:stream';
import { isArrayBuffer } from 'node:util/types';

/** After this time a full pipe is tried again. */
const RETRY_MS = 1;

/**
 * Writes to a file or pipe that was opened elsewhere, and does not close it. Where a pipe is set to fail while it is full (EAGAIN), as
 * Node sets the standard output of a process with threads, it waits for the reader as long as that takes; a stream of `node:fs` gives up.
 *
 * A chunk is the writer's: its memory is freed as soon as it is written. V8 would let 64 MB of written chunks wait for a collection.
 */
export class DescriptorWriter extends Writable {
  constructor(
    private readonly fd: number,
    highWaterMark: number,
  ) {
    super({ highWaterMark });
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#writeRest(chunk, (error) => {
      free(chunk);
      done(error);
    });
  }

  #writeRest(rest: Buffer, done: (error: Error | null) => void): void {
    write(this.fd, rest, (error, written) => {
      if (error?.code === 'EAGAIN') setTimeout(() => this.#writeRest(rest, done), RETRY_MS);
      else if (error || written === rest.length) done(error);
      else this.#writeRest(rest.subarray(written), done);
    });
  }
}

/** Unless it is a piece of memory in which others lie too. */
function free({ buffer, length }: Buffer): void {
  if (isArrayBuffer(buffer) && buffer.byteLength === length) buffer.transfer(0);
}
