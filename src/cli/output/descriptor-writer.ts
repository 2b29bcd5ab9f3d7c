import { write } from 'node:fs';
import { Writable } from 'node:stream';
import { freeMemory } from '../../kernel/memory/free-memory.ts';

/** After this time a full pipe is tried again. */
const RETRY_MS = 1;

/**
 * Writes to a file or pipe that was opened elsewhere, and does not close it. Where a pipe is set to fail while it is full (EAGAIN), as
 * Node sets the standard output of a process with threads, it waits for the reader as long as that takes; a stream of `node:fs` gives up.
 *
 * A chunk is the writer's: its memory is freed as soon as it is written.
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
      freeMemory(chunk);
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
