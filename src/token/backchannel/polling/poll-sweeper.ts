import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../../database/database.ts';
import { MINUTE_MS, secondsSince, type Clock } from '../../../kernel/clock.ts';
import { CLOCK } from '../../../operations/clock.ts';
import { Metrics } from '../../../operations/metrics.ts';
import { Workers } from '../../../operations/workers.ts';
import { deleteExpiredPolls, findOldestPoll } from './poll.repository.ts';

const BATCH = 1000;

/** Deletes the polls of requests that have expired. */
@Injectable()
export class PollSweeper {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    workers: Workers,
    metrics: Metrics,
  ) {
    workers.add({ name: 'poll-sweeper', intervalMs: MINUTE_MS, runOnce: () => this.sweep(), batch: BATCH });
    metrics.addGauge('sigill_backchannel_poll_overdue_seconds', 'Time since the oldest stored poll expired', async () =>
      secondsSince(await findOldestPoll(database), clock.now()),
    );
  }

  /** Deletes up to a batch; returns the number of rows. */
  sweep(): Promise<number> {
    return deleteExpiredPolls(this.database, this.clock.now(), BATCH);
  }
}
