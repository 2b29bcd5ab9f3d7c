import { Inject, Injectable } from '@nestjs/common';
import { DAY_MS, MINUTE_MS, type Clock } from '../../kernel/clock.ts';
import { Database } from '../../database/database.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Metrics } from '../../operations/metrics.ts';
import { countedStatements } from '../../operations/statement-count.ts';
import { Workers } from '../../operations/workers.ts';
import { DailyTimestamps } from './daily-timestamps.ts';
import { selectSoonestEnding } from './timestamp.repository.ts';

/** Longer than heads take to appear is short enough for something that happens once a day. */
const INTERVAL_MS = MINUTE_MS;

/** Has heads timestamped beside the requests. */
@Injectable()
export class TimestampWorker {
  constructor(
    workers: Workers,
    metrics: Metrics,
    daily: DailyTimestamps,
    database: Database,
    @Inject(CLOCK) clock: Clock,
  ) {
    metrics.addGauge(
      'sigill_ledger_timestamp_days_left',
      'Days until the first timestamp of a head ends that has no renewal; Inf where there is none',
      async () => daysUntil(await selectSoonestEnding(database, clock.now()), clock.now()),
    );
    const name = 'ledger-timestamps';
    const runOnce = (): Promise<void> => countedStatements(metrics, `worker ${name}`, () => daily.runOnce(clock.now()));
    workers.add({ name, intervalMs: INTERVAL_MS, runOnce });
  }
}

function daysUntil(at: Date | undefined, now: Date): number {
  return at ? (at.getTime() - now.getTime()) / DAY_MS : Infinity;
}
