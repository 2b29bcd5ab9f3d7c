import { addMs, systemClock, type Clock } from '../../../src/kernel/clock.ts';

/** The system's clock, set forward at will, or stopped. */
export class MovableClock implements Clock {
  #clock: Clock = systemClock;
  #aheadMs = 0;

  now(): Date {
    return addMs(this.#clock.now(), this.#aheadMs);
  }

  advance(ms: number): void {
    this.#aheadMs += ms;
  }

  /** It shows this moment from now on, however long the test takes. */
  stopAt(moment: Date): void {
    this.#clock = { now: () => moment };
    this.#aheadMs = 0;
  }
}
