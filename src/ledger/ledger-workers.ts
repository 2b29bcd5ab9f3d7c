import { Injectable } from '@nestjs/common';
import { SECOND_MS } from '../kernel/clock.ts';
import { Metrics } from '../operations/metrics.ts';
import { countedStatements } from '../operations/statement-count.ts';
import { Workers, type Worker } from '../operations/workers.ts';
import { HeadRounds } from './heads/head-rounds.ts';
import { MAX_GROWTH } from './heads/heads.ts';
import { MAX_SEQUENCED, Sequencer } from './sequencer/sequencer.ts';
import { WaitingEvidence } from './sequencer/waiting-evidence.ts';

/**
 * The longest that evidence waits for a round. Nothing wakes the sequencer: one transaction for all that came in a quarter of a second
 * costs the authorising ones less than one for each of them.
 */
const SEQUENCER_MS = 250;
const WATCH_MS = 10 * SECOND_MS;

/** What the ledger does beside the requests. */
@Injectable()
export class LedgerWorkers {
  constructor(workers: Workers, metrics: Metrics, sequencer: Sequencer, rounds: HeadRounds, waiting: WaitingEvidence) {
    const add = (worker: Worker): unknown =>
      workers.add({
        ...worker,
        runOnce: () => countedStatements(metrics, `worker ${worker.name}`, worker.runOnce),
      });
    add({
      name: 'sequencer',
      intervalMs: SEQUENCER_MS,
      batch: MAX_SEQUENCED,
      runOnce: () => sequencer.runOnce(),
    });
    add({
      name: 'ledger-heads',
      intervalMs: rounds.intervalMs,
      batch: MAX_GROWTH,
      runOnce: () => rounds.runOnce(),
    });
    add({ name: 'ledger-watch', intervalMs: WATCH_MS, everywhere: true, runOnce: () => waiting.runOnce() });
  }
}
