import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.ts';
import { lockBank, movePending, selectWaiting } from './sequence.repository.ts';

/** Of one bank in one transaction. */
export const MAX_SEQUENCED = 2_000;

/**
 * Gives each stored evidence its number in the ledger of its bank, after the transaction that stored it. Any number of instances do
 * so; a lock for each bank makes them take turns.
 */
@Injectable()
export class Sequencer {
  constructor(private readonly database: Database) {}

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
      return movePending(tx, bank, MAX_SEQUENCED);
    });
  }
}
