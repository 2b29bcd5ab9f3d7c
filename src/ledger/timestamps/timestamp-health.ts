import { Inject, Injectable, Logger } from '@nestjs/common';
import { MINUTE_MS, SECOND_MS, type Clock } from '../../kernel/clock.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Metrics } from '../../operations/metrics.ts';

/** A head waits for the next day's timestamp at the longest; after this the day is without one. */
const MAX_WAIT_MS = 25 * 60 * MINUTE_MS;

/** For how long the heads of each log have waited for a timestamp. It stops nothing. */
@Injectable()
export class TimestampHealth {
  readonly #log = new Logger('ledger');
  readonly #waitingSince = new Map<string, Date>();
  readonly #late = new Set<string>();
  #isConfigured = true;

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    metrics: Metrics,
  ) {
    metrics.addGauge('sigill_ledger_untimestamped_seconds', 'How long the oldest head has waited for a timestamp', () =>
      Promise.resolve(Math.max(0, ...[...this.#waitingSince.values()].map((at) => this.#msSince(at) / SECOND_MS))),
    );
  }

  /** Said once, and no fault: only production requires an authority. */
  notConfigured(): void {
    if (!this.#isConfigured) return;
    this.#isConfigured = false;
    this.#log.warn('no timestamping authority is configured: nothing is timestamped');
  }

  /** @param since when the oldest head of the log without a timestamp was signed; undefined where there is none */
  sawWaiting(what: string, since: Date | undefined): void {
    if (since) this.#waitingSince.set(what, since);
    else this.#waitingSince.delete(what);
    const isLate = since !== undefined && this.#msSince(since) > MAX_WAIT_MS;
    if (isLate && !this.#late.has(what)) this.#log.error(`${what}: no timestamp for a day`);
    if (!isLate && this.#late.delete(what)) this.#log.log(`${what}: timestamped again`);
    if (isLate) this.#late.add(what);
  }

  /** A head that could not be timestamped, or whose token could not be kept. */
  failed(what: string, why: string): void {
    this.#log.warn(`${what}: not timestamped (${why})`);
  }

  #msSince(at: Date): number {
    return Math.max(0, this.clock.now().getTime() - at.getTime());
  }
}
