import { Inject, Injectable } from '@nestjs/common';
import { MINUTE_MS, type Clock } from '../../kernel/clock.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database } from '../../database/database.ts';
import { Workers } from '../../operations/workers.ts';
import { deleteExpiredKeys } from './idempotent-push.repository.ts';

/** Forgets Idempotency-Keys a day after their push. */
@Injectable()
export class KeySweeper {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    workers: Workers,
  ) {
    workers.add({ name: 'key-sweeper', intervalMs: 10 * MINUTE_MS, runOnce: () => this.sweep() });
  }

  /** How many rows went. */
  sweep(): Promise<number> {
    return deleteExpiredKeys(this.database, this.clock.now());
  }
}
