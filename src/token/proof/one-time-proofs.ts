import { Injectable } from '@nestjs/common';
import { Database, type Scope, type Tx } from '../../platform/database.ts';
import { toDomainError } from '../../platform/problems.ts';
import { checkCallerWaits } from '../../platform/request-scope.ts';
import { ReplayMemory } from '../../tpp/replay-memory.ts';
import { burnJti, burnParams, checkFresh, rememberJti, type BurnParams, type ReplayEntry } from '../../tpp/replay.ts';

/** The answer of a statement that used up proofs. */
export interface Spent {
  /** Those that were new, where not all were. */
  readonly fresh: readonly Buffer[] | undefined;
}

/** The proofs that came with one request, as they are found genuine. */
export interface ProofsOfRequest {
  /** A further proof that was checked: it is used up from now on, whatever becomes of the request. */
  add(entry: ReplayEntry): void;
  /** Runs `work` in a transaction whose first act is to use up the proofs. */
  spend<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Runs one statement that uses up the proofs in its first step, and does nothing else when one was used before. */
  spendIn<T extends Spent>(statement: (burn: BurnParams, scope: Scope) => Promise<T>): Promise<T>;
}

/**
 * Uses up the client assertion and the DPoP proof of a request: with its work in one transaction when it succeeds,
 * on their own when it is refused.
 */
@Injectable()
export class OneTimeProofs {
  readonly #database: Database;
  readonly #memory: ReplayMemory;

  constructor(database: Database, memory: ReplayMemory) {
    this.#database = database;
    this.#memory = memory;
  }

  /**
   * @param assertion of the client, already checked; none where it showed a certificate
   * @param handle checks the request and then does its work in the transaction that it is given
   * @throws DomainError `client.assertion-replayed`, `dpop.replayed`, `service.unavailable`, and whatever `handle` throws
   */
  using<T>(assertion: ReplayEntry | undefined, handle: (proofs: ProofsOfRequest) => Promise<T>): Promise<T> {
    return this.#memory.explaining(() => this.#using(assertion ? [assertion] : [], handle));
  }

  async #using<T>(entries: ReplayEntry[], handle: (proofs: ProofsOfRequest) => Promise<T>): Promise<T> {
    try {
      checkCallerWaits();
      return await handle({
        add: (entry) => entries.push(entry),
        spend: (work) =>
          this.#database.inTransaction(async (tx) => {
            checkCallerWaits();
            await burnJti(tx, entries);
            return work(tx);
          }),
        spendIn: async (statement) => {
          checkCallerWaits();
          const spent = await statement(burnParams(entries), this.#database);
          checkFresh(entries, spent.fresh);
          return spent;
        },
      });
    } catch (error) {
      // A statement that failed for now has done nothing: its proofs may be sent again, and a busy database is not asked again.
      if (toDomainError(error)?.code !== 'service.unavailable') await rememberJti(this.#database, entries);
      throw error;
    }
  }
}
