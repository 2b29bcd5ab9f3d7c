import { Inject, Injectable } from '@nestjs/common';
import { addMs, MINUTE_MS, type Clock } from '../../kernel/clock.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database } from '../../database/database.ts';
import { Workers } from '../../operations/workers.ts';
import { deleteExpiredUsed } from './used-jti.repository.ts';
import { deleteExpiredTokens } from '../tokens/access-token.repository.ts';

const INTERVAL_MS = 10 * MINUTE_MS;
/** Instances' clocks differ: what one calls expired another may still accept for a moment. */
const MARGIN_MS = 60 * MINUTE_MS;

/** Deletes proofs and tokens that have long expired by themselves. */
@Injectable()
export class ProofSweeper {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    workers: Workers,
  ) {
    workers.add({ name: 'proof-sweeper', intervalMs: INTERVAL_MS, runOnce: () => this.sweep() });
  }

  /** How many rows went. */
  async sweep(): Promise<number> {
    const before = addMs(this.clock.now(), -MARGIN_MS);
    return (await deleteExpiredUsed(this.database, before)) + (await deleteExpiredTokens(this.database, before));
  }
}
