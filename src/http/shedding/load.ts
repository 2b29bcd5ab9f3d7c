import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DomainError } from '../../kernel/errors.ts';
import { Database } from '../../database/database.ts';
import { Metrics } from '../../operations/metrics.ts';
import type { LoadClass } from '../route-declaration.ts';
import { LoopDelay } from './loop-delay.ts';
import { Place } from '../../operations/place.ts';

/**
 * How many requests may be in hand before the next of the class is turned away: `usual`, or `late` while the event loop or the
 * connection pool is. Eight in flight keep the processor busy and the rest only wait, but not longer than a caller does: at 600
 * requests a second, 128 are answered within a quarter of a second. Never below 50: that many callers may race for one code.
 */
const LIMITS = {
  first: { usual: 64, late: 32 },
  upload: { usual: 64, late: 32 },
  ordinary: { usual: 128, late: 64 },
  // A page waits for BankID more than for us.
  page: { usual: 512, late: 128 },
} as const;

/** Beyond this delay the event loop has more work than it can do. */
const LATE_LOOP_MS = 50;
/** When more than this wait for a connection, the pool's ten are too few, or held up. */
const LATE_POOL = 40;

/** One for all: its stack would say where it was made, and nothing else. */
export const SHED = new DomainError('service.unavailable', { detail: 'The service is at its capacity.', log: 'shed' });

/** What this instance has in hand, and whether it may begin more. */
@Injectable()
export class Load implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #delay = new LoopDelay();
  /** Payers' pages wait for BankID, so they are counted separately. */
  readonly #inHand = { machine: 0, page: 0 };

  constructor(
    private readonly database: Database,
    private readonly metrics: Metrics,
  ) {}

  onApplicationBootstrap(): void {
    this.#delay.start();
    const help = 'Requests that are begun and not over';
    for (const kind of ['machine', 'page'] as const)
      this.metrics.addGauge(`sigill_${kind}_requests_in_hand`, help, () => Promise.resolve(this.#inHand[kind]));
  }

  onApplicationShutdown(): void {
    this.#delay.stop();
  }

  /**
   * Takes a request in hand.
   * @throws DomainError `service.unavailable` where too much is in hand: nothing of the request has been looked at
   */
  enter(loadClass: LoadClass): Place {
    const kind = kindOf(loadClass);
    const counted = loadClass === 'upload' ? 0 : 1;
    const take = (): void => {
      if (this.turnsAway(loadClass)) throw SHED;
      this.#inHand[kind] += counted;
    };
    return new Place(take, () => (this.#inHand[kind] -= counted));
  }

  /** Whether too much is in hand for a request of this class; it is counted then. */
  turnsAway(loadClass: LoadClass): boolean {
    if (loadClass === 'never' || this.#inHand[kindOf(loadClass)] < this.#limitOf(loadClass)) return false;
    this.metrics.count('sigill_requests_shed_total', 'Requests that were not begun', { class: loadClass });
    return true;
  }

  #limitOf(loadClass: Exclude<LoadClass, 'never'>): number {
    const isLate = this.#delay.medianMs > LATE_LOOP_MS || this.database.waiting > LATE_POOL;
    return LIMITS[loadClass][isLate ? 'late' : 'usual'];
  }
}

function kindOf(loadClass: LoadClass): 'machine' | 'page' {
  return loadClass === 'page' ? 'page' : 'machine';
}
