import { Inject, Injectable, Logger } from '@nestjs/common';
import { formatInstant, SECOND_MS, type Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database } from '../../database/database.ts';
import { Workers } from '../../operations/workers.ts';
import type { ReplayEntry } from '../replay.ts';
import { restartClaimRecord, isCovered } from './claimed-proof.repository.ts';

/** How soon a lost record is noticed when no request arrives. */
const INTERVAL_MS = 2 * SECOND_MS;
/** How far an instance's clock may be from the database's: an instance that runs ahead may have claimed later proofs. */
const MARGIN_MS = 10 * SECOND_MS;

/**
 * The record of claimed proofs, and the moment since which it is complete. Both are in unlogged tables, which a crash of the
 * database empties. The record is then restarted, and a proof that could have been claimed before that is refused: a crash
 * does not let a stolen proof be replayed.
 */
@Injectable()
export class ClaimRecord {
  readonly #log = new Logger(ClaimRecord.name);
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    workers: Workers,
  ) {
    workers.add({ name: 'claim-record', intervalMs: INTERVAL_MS, runOnce: () => this.restartIfLost() });
  }

  /** Does nothing unless the record was lost, or is said to be complete only since a moment far in the future. */
  async restartIfLost(): Promise<void> {
    const since = await restartClaimRecord(this.database, this.clock.now(), MARGIN_MS);
    if (since)
      this.#log.warn(`the record of claimed proofs was lost: proofs from before ${formatInstant(since)} are refused`);
  }

  /**
   * Distinguishes a replayed proof from one that is older than the record.
   * @throws DomainError `service.unavailable` for an older one
   */
  async checkCovers(refused: ReplayEntry): Promise<void> {
    await this.restartIfLost();
    if (await isCovered(this.database, refused.acceptableFrom)) return;
    const detail = 'Whether this proof was used before is unknown. Retry later with a new one.';
    throw new DomainError('service.unavailable', { detail });
  }
}
