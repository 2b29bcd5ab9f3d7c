import { Inject, Injectable, Logger } from '@nestjs/common';
import { formatInstant, SECOND_MS, type Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database } from '../../database/database.ts';
import { Workers } from '../../operations/workers.ts';
import type { ReplayEntry } from '../replay.ts';
import { beginMemory, remembers } from './used-jti.repository.ts';

/** How soon a lost memory is noticed where nobody asks. */
const INTERVAL_MS = 2 * SECOND_MS;
/** How far an instance's clock may be from the database's: one that runs ahead may have used what comes after now. */
const MARGIN_MS = 10 * SECOND_MS;

/**
 * From when on it is known which proofs were used. What was used is not written ahead to disk: a crash of the database empties the
 * memory, and its beginning with it. It then begins anew, and no proof is taken that could have been used before: nothing is
 * forgotten that would still be of use to a thief.
 */
@Injectable()
export class ReplayMemory {
  readonly #log = new Logger(ReplayMemory.name);
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    workers: Workers,
  ) {
    workers.add({ name: 'replay-memory', intervalMs: INTERVAL_MS, runOnce: () => this.begin() });
  }

  /** Begins it anew where it was lost or lies far ahead, and does nothing else. */
  async begin(): Promise<void> {
    const since = await beginMemory(this.database, this.clock.now(), MARGIN_MS);
    if (since)
      this.#log.warn(
        `the database had forgotten which proofs were used: those from before ${formatInstant(since)} are refused`,
      );
  }

  /**
   * Tells a proof that was used before from one that is older than the memory.
   * @throws DomainError `service.unavailable` for the latter
   */
  async checkRemembers(refused: ReplayEntry): Promise<void> {
    await this.begin();
    if (await remembers(this.database, refused.acceptableFrom)) return;
    const detail = 'Whether this proof was used before is no longer known. Send a new one, later.';
    throw new DomainError('service.unavailable', { detail });
  }
}
