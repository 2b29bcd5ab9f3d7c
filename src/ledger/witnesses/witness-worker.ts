import { Injectable } from '@nestjs/common';
import { SECOND_MS } from '../../kernel/clock.ts';
import { Metrics } from '../../operations/metrics.ts';
import { countedStatements } from '../../operations/statement-count.ts';
import { Workers } from '../../operations/workers.ts';
import { Cosigner } from './cosigner.ts';

const INTERVAL_MS = 5 * SECOND_MS;

/** Has heads cosigned beside the requests. */
@Injectable()
export class WitnessWorker {
  constructor(workers: Workers, metrics: Metrics, cosigner: Cosigner) {
    const name = 'ledger-witnesses';
    const runOnce = (): Promise<void> => countedStatements(metrics, `worker ${name}`, () => cosigner.runOnce());
    workers.add({ name, intervalMs: INTERVAL_MS, runOnce });
  }
}
