import { Inject, Injectable } from '@nestjs/common';
import { MINUTE_MS, SECOND_MS, type Clock } from '../kernel/clock.ts';
import { CLOCK } from '../operations/clock.ts';
import { ClockRepository } from './clock.repository.ts';
import { Metrics } from '../operations/metrics.ts';
import { Workers } from '../operations/workers.ts';

/** An answer within this time is exact enough. */
const PROMPT_MS = SECOND_MS;

/**
 * The offset of our clock from the database's, which all instances share. Measured every minute, so that evidence can
 * record it without a query.
 * @see RTS (EU) 2018/389 Art. 29(2)(c): timestamps from one synchronised time source
 */
@Injectable()
export class ClockOffset {
  #latestMs: number | undefined;

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly repository: ClockRepository,
    private readonly metrics: Metrics,
    workers: Workers,
  ) {
    workers.add({ name: 'clock-offset', intervalMs: MINUTE_MS, runOnce: () => this.measureMs(), everywhere: true });
  }

  /** The last measured offset in milliseconds, ours minus the database's; undefined before the first. */
  latestMs(): number | undefined {
    return this.#latestMs;
  }

  /**
   * Measures now, half way between query and answer. An answer that waited for a connection is inexact: of all offsets that
   * it allows, the one nearest to the last is taken, so that a busy database does not look like a wrong clock.
   * @throws if the database does not answer
   */
  async measureMs(): Promise<number> {
    const before = this.clock.now().getTime();
    const theirs = await this.repository.readClock();
    const after = this.clock.now().getTime();
    const middle = (before + after) / 2;
    const guess = theirs.getTime() + (this.#latestMs ?? 0);
    const ours = after - before <= PROMPT_MS ? middle : Math.min(Math.max(guess, before), after);
    const offsetMs = Math.round(ours - theirs.getTime());
    const labels = { against: 'database' };
    this.metrics.setGauge('sigill_clock_offset_seconds', 'Our clock minus theirs', offsetMs / 1000, labels);
    this.#latestMs = offsetMs;
    return offsetMs;
  }
}
