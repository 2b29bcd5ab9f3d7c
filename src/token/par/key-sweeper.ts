import { Inject, Injectable } from '@nestjs/common';
import { MINUTE_MS, secondsSince, type Clock } from '../../kernel/clock.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database } from '../../database/database.ts';
import { Metrics } from '../../operations/metrics.ts';
import { Workers } from '../../operations/workers.ts';
import { deleteExpiredKeys, findOldestKey } from './idempotent-push.repository.ts';

const BATCH = 1000;

/** Deletes Idempotency-Keys a day after their push. */
@Injectable()
export class KeySweeper {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    workers: Workers,
    metrics: Metrics,
  ) {
    workers.add({ name: 'key-sweeper', intervalMs: MINUTE_MS, runOnce: () => this.sweep(), batch: BATCH });
    metrics.addGauge(
      'sigill_idempotency_key_overdue_seconds',
      'Time since the oldest stored Idempotency-Key expired',
      async () => secondsSince(await findOldestKey(database), clock.now()),
    );
  }

  /** Deletes up to a batch; returns the number of rows. */
  sweep(): Promise<number> {
    return deleteExpiredKeys(this.database, this.clock.now(), BATCH);
  }
}
