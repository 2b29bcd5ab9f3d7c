import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { SECOND_MS } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Report } from '../verification/report.ts';
import { uploadLimits, type UploadType } from './upload.ts';
import type { SettingsSource } from './verify-settings.ts';

export interface UploadTask {
  readonly type: UploadType;
  readonly body: Uint8Array;
  readonly now: Date;
}

export type UploadAnswer =
  { readonly report: Report } | { readonly refused: string; readonly pointer: string | undefined };

/** A body as it comes in, chunk by chunk, of a type that we take. */
export interface IncomingUpload {
  readonly type: UploadType;
  readonly body: AsyncIterable<Uint8Array>;
}

export interface PoolOptions {
  readonly threads?: number;
  /** How many uploads may wait besides those that are worked on. */
  readonly queue?: number;
}

const DEFAULT_QUEUE = 32;
/** The largest legal signature takes milliseconds; whoever takes this long is up to something. */
const DEADLINE_MS = 10 * SECOND_MS;
const HEAP_MB = 128;
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const worker = new URL(`./worker/verify-upload.${extension}`, import.meta.url);

/**
 * Verifies uploads in worker threads. So many are held at a time, body included, and no more: the next is refused before a
 * byte of it is read. Threads start with the first upload.
 */
export class UploadVerifier {
  readonly #source: SettingsSource;
  readonly #threads: number;
  readonly #places: number;
  #taken = 0;
  #pool: Piscina<UploadTask, UploadAnswer> | undefined;

  /** @param source what is trusted; its time is that of each call */
  constructor(source: SettingsSource, { threads = availableParallelism(), queue = DEFAULT_QUEUE }: PoolOptions = {}) {
    this.#source = source;
    this.#threads = threads;
    this.#places = threads + queue;
  }

  /**
   * Reads the body and verifies it at the moment `now`. Nothing of it is kept.
   * @returns the bytes as well, so that the caller can say which ones the report is about
   * @throws DomainError `service.unavailable` when too many are under way or this one takes too long, `request.too-large`,
   *   `request.malformed` when it is no evidence at all
   */
  async verify(
    { type, body }: IncomingUpload,
    now: Date,
  ): Promise<{ readonly report: Report; readonly bytes: Buffer }> {
    if (this.#taken >= this.#places) throw new DomainError('service.unavailable', { log: 'too many uploads at once' });
    this.#taken += 1;
    try {
      const bytes = await readBody(body);
      const answer = await this.#run({ type, body: bytes, now });
      if ('report' in answer) return { report: answer.report, bytes };
      const { refused: detail, pointer } = answer;
      throw new DomainError('request.malformed', { detail, ...(pointer === undefined ? {} : { pointer }) });
    } finally {
      this.#taken -= 1;
    }
  }

  async close(): Promise<void> {
    await this.#pool?.destroy();
    this.#pool = undefined;
  }

  async #run(task: UploadTask): Promise<UploadAnswer> {
    this.#pool ??= new Piscina<UploadTask, UploadAnswer>({
      filename: fileURLToPath(worker),
      workerData: this.#source,
      minThreads: 1,
      maxThreads: this.#threads,
      maxQueue: this.#places,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    try {
      return await this.#pool.run(task, { signal: AbortSignal.timeout(DEADLINE_MS) });
    } catch (cause) {
      // The thread is gone with all that it held; the next upload gets another.
      throw new DomainError('service.unavailable', { log: 'an upload could not be verified', cause });
    }
  }
}

async function readBody(body: IncomingUpload['body']): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > uploadLimits.bodyBytes) throw new DomainError('request.too-large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
