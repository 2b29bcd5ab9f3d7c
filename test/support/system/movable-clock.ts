import { addMs, systemClock, type Clock } from '../../../src/kernel/clock.ts';

/** The system's clock, set forward at will. */
export class MovableClock implements Clock {
  #aheadMs = 0;

  now(): Date {
    return addMs(systemClock.now(), this.#aheadMs);
  }

  advance(ms: number): void {
    this.#aheadMs += ms;
  }
}
