import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database.ts';
import { burnJti, rememberJti, type ReplayEntry } from '../../tpp/replay.ts';

/** Runs `work` in a transaction whose first act is to use up the proofs, those found in the meantime (`more`) included. */
export type Spend = <T>(work: (tx: Tx) => Promise<T>, more?: readonly ReplayEntry[]) => Promise<T>;

/**
 * Uses up the client assertion and the DPoP proof of a request whatever becomes of it: with the work in one transaction
 * when it succeeds, on their own when it is refused.
 */
@Injectable()
export class OneTimeProofs {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * @param handle checks the request and then does its work in the transaction that it is given
   * @throws DomainError `client.assertion-replayed`, `dpop.replayed`, and whatever `handle` throws
   */
  async using<T>(entries: readonly ReplayEntry[], handle: (spend: Spend) => Promise<T>): Promise<T> {
    const all = [...entries];
    const spend: Spend = (work, more = []) => {
      all.push(...more);
      return this.#database.inTransaction(async (tx) => {
        await burnJti(tx, all);
        return work(tx);
      });
    };
    try {
      return await handle(spend);
    } catch (error) {
      await rememberJti(this.#database, all);
      throw error;
    }
  }
}
