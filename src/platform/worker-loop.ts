import { Logger } from '@nestjs/common';
import { describeError } from './describe-error.ts';

/**
 * Runs one job again and again: `intervalMs` after the last run ended, or at once when woken. Runs never overlap,
 * a failed run is logged and the loop goes on, and `stop` waits for the run under way.
 */
export class WorkerLoop {
  readonly #name: string;
  readonly #intervalMs: number;
  readonly #runOnce: () => Promise<unknown>;
  readonly #log: Logger;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #started = false;
  #woken = false;

  constructor(name: string, intervalMs: number, runOnce: () => Promise<unknown>) {
    this.#name = name;
    this.#intervalMs = intervalMs;
    this.#runOnce = runOnce;
    this.#log = new Logger(name);
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#schedule(0);
  }

  /** Runs as soon as possible: now, or right after the run under way. Without effect when the loop is not started. */
  wake(): void {
    if (!this.#started) return;
    if (this.#running) this.#woken = true;
    else this.#schedule(0);
  }

  /** Resolves when nothing of this loop runs any more. */
  async stop(): Promise<void> {
    this.#started = false;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#running = this.#run();
    }, delayMs);
  }

  async #run(): Promise<void> {
    this.#woken = false;
    try {
      await this.#runOnce();
    } catch (error) {
      this.#log.error({ msg: `${this.#name}: a run failed`, err: describeError(error) });
    }
    this.#running = undefined;
    if (this.#started) this.#schedule(this.#nextDelayMs());
  }

  #nextDelayMs(): number {
    return this.#woken ? 0 : this.#intervalMs;
  }
}
