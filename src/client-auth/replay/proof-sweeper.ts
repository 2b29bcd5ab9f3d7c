import { Inject, Injectable } from '@nestjs/common';
import { addMs, MINUTE_MS, secondsSince, type Clock } from '../../kernel/clock.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database } from '../../database/database.ts';
import { Metrics } from '../../operations/metrics.ts';
import { Workers } from '../../operations/workers.ts';
import { deleteExpiredClaims, findOldestClaim } from './claimed-proof.repository.ts';
import { deleteExpiredTokens, findOldestToken } from '../tokens/access-token.repository.ts';

const INTERVAL_MS = MINUTE_MS;
const BATCH = 1000;
/** The clocks of instances differ: another instance may still accept what this one considers expired. */
const MARGIN_MS = 60 * MINUTE_MS;

/** Deletes proofs and tokens that expired some time ago. */
@Injectable()
export class ProofSweeper {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    workers: Workers,
    metrics: Metrics,
  ) {
    workers.add({ name: 'proof-sweeper', intervalMs: INTERVAL_MS, runOnce: () => this.sweep(), batch: BATCH });
    const overdue = (oldest: Promise<Date | undefined>): Promise<number> =>
      oldest.then((moment) => secondsSince(moment, clock.now()));
    metrics.addGauge('sigill_proof_overdue_seconds', 'Time since the oldest stored claimed proof expired', () =>
      overdue(findOldestClaim(database)),
    );
    metrics.addGauge('sigill_token_overdue_seconds', 'Time since the oldest stored token expired', () =>
      overdue(findOldestToken(database)),
    );
  }

  /** Deletes up to a batch of each; returns the number of rows. */
  async sweep(): Promise<number> {
    const before = addMs(this.clock.now(), -MARGIN_MS);
    const proofs = await deleteExpiredClaims(this.database, before, BATCH);
    return proofs + (await deleteExpiredTokens(this.database, before, BATCH));
  }
}
