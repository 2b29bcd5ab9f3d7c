import type { Clock } from '../../src/kernel/clock.ts';

/**
 * Two times: the wall clock, which dates signatures and QR frames, and the orders' time, which a scale makes run faster and a
 * test may advance.
 */
export class SimulatorTime {
  readonly #clock: Clock;
  readonly #scale: number;
  readonly #startMs: number;
  #advancedMs = 0;

  constructor(clock: Clock, scale: number) {
    if (!(scale > 0)) throw new Error('The time scale must be above zero.');
    this.#clock = clock;
    this.#scale = scale;
    this.#startMs = clock.now().getTime();
  }

  wall(): Date {
    return this.#clock.now();
  }

  /** Milliseconds that have passed for orders. */
  passedMs(): number {
    return (this.#clock.now().getTime() - this.#startMs) * this.#scale + this.#advancedMs;
  }

  advance(ms: number): void {
    this.#advancedMs += ms;
  }
}
