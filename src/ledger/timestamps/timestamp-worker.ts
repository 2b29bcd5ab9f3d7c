import { Inject, Injectable } from '@nestjs/common';
import { MINUTE_MS, type Clock } from '../../kernel/clock.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Metrics } from '../../operations/metrics.ts';
import { countedStatements } from '../../operations/statement-count.ts';
import { Workers } from '../../operations/workers.ts';
import { DailyTimestamps } from './daily-timestamps.ts';

/** Longer than heads take to appear is short enough for something that happens once a day. */
const INTERVAL_MS = MINUTE_MS;

/** Has heads timestamped beside the requests. */
@Injectable()
export class TimestampWorker {
  constructor(workers: Workers, metrics: Metrics, daily: DailyTimestamps, @Inject(CLOCK) clock: Clock) {
    const name = 'ledger-timestamps';
    const runOnce = (): Promise<void> => countedStatements(metrics, `worker ${name}`, () => daily.runOnce(clock.now()));
    workers.add({ name, intervalMs: INTERVAL_MS, runOnce });
  }
}
