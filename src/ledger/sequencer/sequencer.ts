import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.ts';
import { Metrics } from '../../operations/metrics.ts';
import { countedStatements } from '../../operations/statement-count.ts';
import { Workers } from '../../operations/workers.ts';
import { lockBank, movePending, selectWaiting } from './sequence.repository.ts';

/**
 * The longest that evidence waits for a round. Nothing wakes the sequencer: one transaction for all that came in half a second costs
 * the authorising ones less than one for each of them.
 */
const INTERVAL_MS = 500;
/** Of one bank in one transaction. */
const BATCH = 2_000;

/**
 * Gives each stored evidence its number in the ledger of its bank, after the transaction that stored it. Any number of instances do
 * so; a lock for each bank makes them take turns.
 */
@Injectable()
export class Sequencer {
  constructor(
    private readonly database: Database,
    metrics: Metrics,
    workers: Workers,
  ) {
    workers.add({
      name: 'sequencer',
      intervalMs: INTERVAL_MS,
      batch: BATCH,
      runOnce: () => countedStatements(metrics, 'worker sequencer', () => this.runOnce()),
    });
  }

  /**
   * One round: a batch of each bank.
   * @returns the largest batch
   */
  async runOnce(): Promise<number> {
    let largest = 0;
    for (const { bank } of await selectWaiting(this.database)) largest = Math.max(largest, await this.#number(bank));
    return largest;
  }

  async #number(bank: string): Promise<number> {
    return this.database.inTransaction(async (tx) => {
      await lockBank(tx, bank);
      return movePending(tx, bank, BATCH);
    });
  }
}
