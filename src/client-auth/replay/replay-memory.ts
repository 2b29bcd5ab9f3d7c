import { Inject, Injectable, Logger } from '@nestjs/common';
import { formatInstant, SECOND_MS, type Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database } from '../../database/database.ts';
import { Workers } from '../../operations/workers.ts';
import type { ReplayEntry } from '../replay.ts';
import { beginMemory, isCovered } from './used-jti.repository.ts';

/** How soon a lost memory is noticed when no request comes. */
const INTERVAL_MS = 2 * SECOND_MS;
/** How far an instance's clock may be from the database's: one that runs ahead may have claimed proofs with a later time. */
const MARGIN_MS = 10 * SECOND_MS;

/**
 * The moment from which on every claimed proof is known. Claims are in an unlogged table: a crash of the database empties it,
 * and this moment with it. The memory then begins anew, and a proof that could have been claimed before its beginning is
 * refused: a stolen proof cannot be replayed because of a crash.
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
      this.#log.warn(`the record of claimed proofs was lost: proofs from before ${formatInstant(since)} are refused`);
  }

  /**
   * Distinguishes a replayed proof from one that is older than the memory.
   * @throws DomainError `service.unavailable` for the latter
   */
  async checkCovers(refused: ReplayEntry): Promise<void> {
    await this.begin();
    if (await isCovered(this.database, refused.acceptableFrom)) return;
    const detail = 'Whether this proof was used before is unknown. Retry later with a new one.';
    throw new DomainError('service.unavailable', { detail });
  }
}
