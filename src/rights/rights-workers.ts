import { Injectable } from '@nestjs/common';
import { SECOND_MS } from '../kernel/clock.ts';
import { Metrics } from '../operations/metrics.ts';
import { countedStatements } from '../operations/statement-count.ts';
import { Workers } from '../operations/workers.ts';
import { StewardWatch } from './steward-watch.ts';

const WATCH_MS = 30 * SECOND_MS;

/** What an instance does beside the requests. It never erases: that is the steward's. */
@Injectable()
export class RightsWorkers {
  constructor(workers: Workers, metrics: Metrics, watch: StewardWatch) {
    workers.add({
      name: 'steward-watch',
      intervalMs: WATCH_MS,
      everywhere: true,
      runOnce: () => countedStatements(metrics, 'worker steward-watch', () => watch.runOnce()),
    });
  }
}
