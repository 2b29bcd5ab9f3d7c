import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DomainError } from '../../kernel/errors.ts';
import { Database } from '../../database/database.ts';
import { Metrics } from '../../operations/metrics.ts';
import type { LoadClass } from '../route-declaration.ts';
import { LoopDelay } from './loop-delay.ts';
import { Place } from '../../operations/place.ts';

/**
 * How many requests may be in hand before the next one of the class is shed: `usual`, or `late` while the event loop or the
 * connection pool is overloaded. Eight in flight keep the processor busy; the others wait, but not longer than their callers:
 * at 600 requests a second, 128 are answered within a quarter of a second. Never below 50: so many callers may race for one code.
 */
const LIMITS = {
  first: { usual: 64, late: 32 },
  upload: { usual: 64, late: 32 },
  ordinary: { usual: 128, late: 64 },
  // Pages wait mostly for BankID, not for us. Of 500 payers who watch QR codes, a pause of half a second brings as many as 250 at once.
  page: { usual: 512, late: 256 },
} as const;

/** With a longer delay the event loop is overloaded. */
const LATE_LOOP_MS = 50;
/** If more requests wait for a connection, the pool's ten are too few, or blocked. */
const LATE_POOL = 40;

/** Shared by all shed requests: its stack trace would tell nothing. */
export const SHED = new DomainError('service.unavailable', { detail: 'The service is at its capacity.', log: 'shed' });

/** Counts the requests that this instance has in hand, and limits them. */
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
   * Takes a place for a request.
   * @throws DomainError `service.unavailable` if too much is in hand; nothing of the request has been read then
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

  /** Whether too much is in hand for a request of this class. A shed request is counted. */
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
