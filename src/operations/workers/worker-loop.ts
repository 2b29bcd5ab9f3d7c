import { AsyncLocalStorage } from 'node:async_hooks';
import { Logger } from '@nestjs/common';
import { describeError } from '../describe-error.ts';
import { kindOfLine } from '../logging/kind-of-line.ts';

/** The longest pause that failures cause: a payer may be waiting for the worker. */
const MAX_BACK_OFF_MS = 5_000;
/** One log line per this many failures, about one a minute. */
const FAILURES_A_LINE = 15;

/** A job, and when it runs again. */
export interface Repeated {
  /** For its log lines. */
  readonly name: string;
  readonly intervalMs: number;
  readonly runOnce: () => Promise<unknown>;
  /** A run that did this much has probably left work, so the next one follows at once. */
  readonly batch?: number;
}

/**
 * Repeats one job: `intervalMs` after the last run ended, or at once when woken or after a run that did a whole batch. Runs never
 * overlap, and `stop` waits for the current run. After failures the intervals grow, even if the loop is woken; each error is logged
 * once until a run succeeds.
 */
export class WorkerLoop {
  readonly #name: string;
  readonly #intervalMs: number;
  readonly #runOnce: () => Promise<unknown>;
  readonly #batch: number;
  readonly #log: Logger;
  /** A run belongs to no request, even if one woke the loop; nor do its log lines and its statements. */
  readonly #outside = AsyncLocalStorage.snapshot();
  /** Since the last success. */
  readonly #errors = new Set<string>();
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #started = false;
  #woken = false;

  constructor({ name, intervalMs, runOnce, batch = Infinity }: Repeated) {
    this.#name = name;
    this.#intervalMs = intervalMs;
    this.#runOnce = runOnce;
    this.#batch = batch;
    this.#log = new Logger(name);
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#schedule(0);
  }

  /** Runs as soon as possible: now, right after the current run, or at the next attempt after a failure. No effect unless started. */
  wake(): void {
    if (!this.#started || this.#failures > 0) return;
    if (this.#running) this.#woken = true;
    else this.#schedule(0);
  }

  /** Resolves when the current run, if any, is over. */
  async stop(): Promise<void> {
    this.#started = false;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = this.#outside(() =>
      setTimeout(() => {
        this.#running = this.#run();
      }, delayMs),
    );
  }

  async #run(): Promise<void> {
    this.#woken = false;
    try {
      const done = await this.#runOnce();
      if (typeof done === 'number' && done >= this.#batch) this.#woken = true;
      this.#succeeded();
    } catch (error) {
      this.#failed(error);
    }
    this.#running = undefined;
    if (this.#started) this.#schedule(this.#nextDelayMs());
  }

  #succeeded(): void {
    if (this.#failures === 0) return;
    this.#log.log(`${this.#name}: runs again after ${this.#failures} failures`);
    this.#failures = 0;
    this.#errors.clear();
  }

  #failed(error: unknown): void {
    this.#failures += 1;
    const err = describeError(error);
    const kind = kindOfLine([{ err }]);
    if (!this.#errors.has(kind)) this.#log.error({ msg: `${this.#name}: a run failed`, err });
    else if (this.#failures % FAILURES_A_LINE === 0)
      this.#log.warn({ msg: `${this.#name}: ${this.#failures} runs failed`, reason: err.message });
    this.#errors.add(kind);
  }

  /** Doubles with each failure, up to a limit, less a random part, so that instances and loops do not retry all at once. */
  #nextDelayMs(): number {
    if (this.#failures === 0) return this.#woken ? 0 : this.#intervalMs;
    const grown = this.#intervalMs * 2 ** Math.min(this.#failures, 20);
    const delay = Math.min(grown, Math.max(MAX_BACK_OFF_MS, this.#intervalMs));
    return Math.max(this.#intervalMs, delay * (0.5 + Math.random() / 2));
  }
}
