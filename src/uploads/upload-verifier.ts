import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { SECOND_MS } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import type { EvidenceReport } from '../bundle/findings.ts';
import type { FileMessage } from '../evidence-files/file-messages.ts';
import type { TrustSource } from '../bundle/trust.ts';
import type { EvidenceUploadType } from '../bundle/verify-evidence-upload.ts';
import type { UploadRefusal } from '../evidence-files/upload.ts';
import type { SettingsSource } from '../evidence-files/verify-settings.ts';
import type { ReadingPurpose } from './purpose.ts';

export interface UploadTask {
  readonly type: EvidenceUploadType;
  readonly body: Uint8Array;
  readonly now: Date;
}

export type UploadAnswer =
  | { readonly report: EvidenceReport }
  | {
      readonly code: UploadRefusal;
      readonly refused: string;
      readonly pointer: string | undefined;
      readonly archive: FileMessage | undefined;
    };

/** What a verifier trusts, and by which policy it verifies. */
export interface VerifierSource {
  readonly settings: SettingsSource;
  readonly trust: TrustSource;
}

/** An upload that has arrived. */
export interface ReceivedUpload {
  readonly type: EvidenceUploadType;
  readonly bytes: Buffer;
  readonly purpose: ReadingPurpose;
}

/** An upload that is not evidence. `archive`: what is wrong with its ZIP. */
export class NoEvidenceError extends DomainError {
  readonly archive: FileMessage | undefined;

  constructor(code: UploadRefusal, detail: string, pointer: string | undefined, archive: FileMessage | undefined) {
    super(code, { detail, ...(pointer === undefined ? {} : { pointer }) });
    this.archive = archive;
  }
}

/** An upload whose body is still unread. */
export interface IncomingUpload {
  /** The caller whose share of the places it uses. */
  readonly caller: string;
  /** Reads the body, within limits of size and time. @throws DomainError */
  readonly read: () => Promise<ReceivedUpload>;
}

export interface PoolOptions {
  readonly threads?: number;
  /** How many uploads may wait in addition to those being verified. */
  readonly queue?: number;
}

const DEFAULT_QUEUE = 32;
/** The share of the places that one caller may use, including uploads that are still arriving. */
const SHARE = 1 / 4;
/** The largest valid signature takes milliseconds; an upload that takes this long is hostile. */
const DEADLINE_MS = 10 * SECOND_MS;
const HEAP_MB = 128;
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const worker = new URL(`./worker/verify-upload.${extension}`, import.meta.url);

/**
 * Verifies uploads in worker threads. Only an upload that has arrived takes a place: one that is still arriving takes none from
 * others, however slow it is. The uploads of one caller are limited before the body of the next is read. Threads start with
 * the first upload.
 */
export class UploadVerifier {
  readonly #threads: number;
  readonly #places: number;
  readonly #share: number;
  readonly #inHand = new Map<string, number>();
  #taken = 0;
  #pool: Piscina<UploadTask, UploadAnswer> | undefined;

  /** @param source the time in it is that of each call */
  constructor(
    private readonly source: VerifierSource,
    { threads = availableParallelism(), queue = DEFAULT_QUEUE }: PoolOptions = {},
  ) {
    this.#threads = threads;
    this.#places = threads + queue;
    this.#share = Math.ceil(this.#places * SHARE);
  }

  /**
   * Reads the body and verifies it at the moment `now`. Nothing of it is kept.
   * @returns what arrived too, so that the caller can state what the report is about
   * @throws DomainError `service.unavailable` when too many are under way, of all callers or of this one, or this one takes too
   *   long; `evidence.none` when it is no evidence at all, `request.malformed` or
   *   `request.unsupported-media-type` when it is not even of its form; and what its reading throws
   */
  async verify(
    { caller, read }: IncomingUpload,
    now: Date,
  ): Promise<{ readonly report: EvidenceReport; readonly received: ReceivedUpload }> {
    const inHand = this.#inHand.get(caller) ?? 0;
    if (inHand >= this.#share) throw new DomainError('service.unavailable', { log: 'too many uploads of one caller' });
    this.#inHand.set(caller, inHand + 1);
    try {
      const received = await read();
      const answer = await this.#runInPlace({ type: received.type, body: received.bytes, now });
      if ('report' in answer) return { report: answer.report, received };
      throw new NoEvidenceError(answer.code, answer.refused, answer.pointer, answer.archive);
    } finally {
      this.#letGo(caller);
    }
  }

  async close(): Promise<void> {
    await this.#pool?.destroy();
    this.#pool = undefined;
  }

  #letGo(caller: string): void {
    const left = (this.#inHand.get(caller) ?? 1) - 1;
    if (left === 0) this.#inHand.delete(caller);
    else this.#inHand.set(caller, left);
  }

  async #runInPlace(task: UploadTask): Promise<UploadAnswer> {
    if (this.#taken >= this.#places) throw new DomainError('service.unavailable', { log: 'too many uploads at once' });
    this.#taken += 1;
    try {
      return await this.#run(task);
    } finally {
      this.#taken -= 1;
    }
  }

  async #run(task: UploadTask): Promise<UploadAnswer> {
    this.#pool ??= new Piscina<UploadTask, UploadAnswer>({
      filename: fileURLToPath(worker),
      workerData: this.source,
      minThreads: 1,
      maxThreads: this.#threads,
      maxQueue: this.#places,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    try {
      return await this.#pool.run(task, { signal: AbortSignal.timeout(DEADLINE_MS) });
    } catch (cause) {
      // The thread has ended, and with it all that it held; the next upload gets another.
      throw new DomainError('service.unavailable', { log: 'an upload could not be verified', cause });
    }
  }
}
