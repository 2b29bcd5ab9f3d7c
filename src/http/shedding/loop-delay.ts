import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 10;
const WINDOW_MS = 500;
const NS_PER_MS = 1e6;

/** The delay of the event loop: how long an arriving request waits before it is processed. */
export class LoopDelay {
  readonly #histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #timer: NodeJS.Timeout | undefined;
  #medianMs = 0;

  /** The median of the last half second, in milliseconds. One long turn does not count as overload. */
  get medianMs(): number {
    return this.#medianMs;
  }

  start(): void {
    this.#histogram.enable();
    this.#timer = setInterval(() => {
      this.#medianMs = Math.max(0, this.#histogram.percentile(50) / NS_PER_MS - RESOLUTION_MS);
      this.#histogram.reset();
    }, WINDOW_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#histogram.disable();
  }
}
