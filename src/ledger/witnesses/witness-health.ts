import { Inject, Injectable, Logger } from '@nestjs/common';
import { MINUTE_MS, SECOND_MS, type Clock } from '../../kernel/clock.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Metrics } from '../../operations/metrics.ts';
import type { WitnessFailureReason } from './witness-failure.ts';

/** Between two tries of a witness that fails. */
const RETRY_MS = MINUTE_MS;
/** How long a head may wait for a witness before it is an alarm. */
const MAX_FAILING_MS = 60 * MINUTE_MS;

interface Failing {
  readonly since: Date;
  readonly lastTry: Date;
  readonly reason: WitnessFailureReason;
  readonly isOld: boolean;
}

/** Which witnesses fail, since when and why. A witness that fails stops nothing. */
@Injectable()
export class WitnessHealth {
  readonly #log = new Logger('ledger');
  readonly #failing = new Map<string, Failing>();

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    metrics: Metrics,
  ) {
    const oldest = (): number => Math.max(0, ...[...this.#failing.values()].map(({ since }) => this.#msSince(since)));
    metrics.addGauge(
      'sigill_ledger_uncosigned_seconds',
      'For how long a witness has not cosigned a head of a log',
      () => Promise.resolve(oldest() / SECOND_MS),
    );
  }

  /** @param what the witness and the log */
  isDue(what: string): boolean {
    const failing = this.#failing.get(what);
    if (!failing) return true;
    const ago = this.clock.now().getTime() - failing.lastTry.getTime();
    // Negative where the clock was ahead.
    return ago < 0 || ago >= RETRY_MS;
  }

  succeeded(what: string): void {
    if (this.#failing.delete(what)) this.#log.log(`${what}: cosigned again`);
  }

  failed(what: string, reason: WitnessFailureReason): void {
    const known = this.#failing.get(what);
    const now = this.clock.now();
    const since = known?.since ?? now;
    const isOld = this.#msSince(since) >= MAX_FAILING_MS;
    if (isOld && known?.isOld === false) this.#log.error(`${what}: not cosigned for an hour (${reason})`);
    else if (known?.reason !== reason) this.#log.warn(`${what}: not cosigned (${reason})`);
    this.#failing.set(what, { since, lastTry: now, reason, isOld });
  }

  #msSince(at: Date): number {
    return Math.max(0, this.clock.now().getTime() - at.getTime());
  }
}
