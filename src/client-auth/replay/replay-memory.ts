import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import { formatInstant, SECOND_MS, type Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database } from '../../database/database.ts';
import { WorkerLoop } from '../../operations/worker-loop.ts';
import type { ReplayEntry } from '../replay.ts';
import { beginMemory, remembers } from './used-jti.repository.ts';

/** How soon a lost memory is noticed where nobody asks. */
const INTERVAL_MS = 2 * SECOND_MS;
/** How far an instance's clock may be from the database's: one that runs ahead may have used what comes after now. */
const MARGIN_MS = 10 * SECOND_MS;

/**
 * From when on it is known which proofs were used. What was used is not written ahead to disk: a crash of the database empties the
 * memory, and its beginning with it. It then begins anew, and no proof is taken that could have been used before: nothing is
 * forgotten that would still be of use to a thief.
 */
@Injectable()
export class ReplayMemory implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #enabled: boolean;
  readonly #log = new Logger(ReplayMemory.name);
  readonly #loop: WorkerLoop;

  constructor(database: Database, @Inject(CLOCK) clock: Clock, @Inject(CONFIG) config: AppConfig) {
    this.#database = database;
    this.#clock = clock;
    this.#enabled = config.workers;
    this.#loop = new WorkerLoop('replay-memory', INTERVAL_MS, () => this.begin());
  }

  onApplicationBootstrap(): void {
    if (this.#enabled) this.#loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#loop.stop();
  }

  /** Begins it anew where it was lost or lies far ahead, and does nothing else. */
  async begin(): Promise<void> {
    const since = await beginMemory(this.#database, this.#clock.now(), MARGIN_MS);
    if (since)
      this.#log.warn(
        `the database had forgotten which proofs were used: those from before ${formatInstant(since)} are refused`,
      );
  }

  /**
   * Tells a proof that was used before from one that is older than the memory.
   * @throws DomainError `service.unavailable` for the latter
   */
  async checkRemembers(refused: ReplayEntry): Promise<void> {
    await this.begin();
    if (await remembers(this.#database, refused.acceptableFrom)) return;
    const detail = 'Whether this proof was used before is no longer known. Send a new one, later.';
    throw new DomainError('service.unavailable', { detail });
  }
}
