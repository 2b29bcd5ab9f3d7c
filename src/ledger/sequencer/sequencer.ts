import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.ts';
import { KeptNumbers } from '../log/kept-numbers.ts';
import { Failures } from '../state/failures.ts';
import { LedgerHealth } from '../state/ledger-health.ts';
import { lockBank, movePending, selectWaiting } from './sequence.repository.ts';

/** Of one bank in one transaction. */
export const MAX_SEQUENCED = 2_000;

/**
 * Gives each stored evidence its number in the ledger of its bank, after the transaction that stored it. Any number of instances do
 * so; a lock for each bank makes them take turns.
 */
@Injectable()
export class Sequencer {
  constructor(
    private readonly database: Database,
    private readonly kept: KeptNumbers,
    private readonly health: LedgerHealth,
  ) {}

  /**
   * One round: a batch of each bank. A bank whose evidence can get no number holds up no other.
   * @returns the largest batch
   */
  async runOnce(): Promise<number> {
    const failures = new Failures();
    let largest = 0;
    for (const { bank } of await selectWaiting(this.database))
      largest = Math.max(largest, (await failures.collect(() => this.#number(bank))) ?? 0);
    failures.throwFirst();
    return largest;
  }

  async #number(bank: string): Promise<number> {
    const moved = await this.health.attempt(`the numbers of ${bank}`, () =>
      this.database.inTransaction(async (tx) => {
        await lockBank(tx, bank);
        await this.kept.checkNext(tx, bank, 'evidence');
        return movePending(tx, bank, MAX_SEQUENCED);
      }),
    );
    return moved ?? 0;
  }
}
