import { once } from 'node:events';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { CommandFailure, exitCodes } from './failures.ts';
import type { Destination } from './part-file.ts';

/** Standard output: what was written cannot be taken back, and has no name that it could get at the end. */
export class StandardOutput implements Destination {
  readonly size = 0;
  #failure: Error | undefined;

  constructor() {
    process.stdout.on('error', (error: Error) => {
      this.#failure = error;
    });
  }

  written(): AsyncIterable<Uint8Array> {
    return Readable.from([]);
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (!process.stdout.write(bytes))
      await Promise.race([once(process.stdout, 'drain'), once(process.stdout, 'close')]);
    this.#check();
  }

  async finish(): Promise<void> {
    process.stdout.end();
    // Its failure is kept above.
    await finished(process.stdout).catch(() => undefined);
    this.#check();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  remove(): Promise<void> {
    return Promise.resolve();
  }

  #check(): void {
    if (!this.#failure) return;
    const { code } = this.#failure as { readonly code?: string };
    throw new CommandFailure(`standard output takes no more: ${code ?? 'closed'}`, exitCodes.ioError);
  }
}
