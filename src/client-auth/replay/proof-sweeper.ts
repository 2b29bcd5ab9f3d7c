import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import { addMs, MINUTE_MS, type Clock } from '../../kernel/clock.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database } from '../../database/database.ts';
import { WorkerLoop } from '../../operations/worker-loop.ts';
import { deleteExpiredUsed } from './used-jti.repository.ts';
import { deleteExpiredTokens } from '../tokens/access-token.repository.ts';

const INTERVAL_MS = 10 * MINUTE_MS;
/** Instances' clocks differ: what one calls expired another may still accept for a moment. */
const MARGIN_MS = 60 * MINUTE_MS;

/** Deletes proofs and tokens that have long expired by themselves. */
@Injectable()
export class ProofSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #enabled: boolean;
  readonly #loop: WorkerLoop;

  constructor(database: Database, @Inject(CLOCK) clock: Clock, @Inject(CONFIG) config: AppConfig) {
    this.#database = database;
    this.#clock = clock;
    this.#enabled = config.workers;
    this.#loop = new WorkerLoop('proof-sweeper', INTERVAL_MS, () => this.sweep());
  }

  onApplicationBootstrap(): void {
    if (this.#enabled) this.#loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#loop.stop();
  }

  /** How many rows went. */
  async sweep(): Promise<number> {
    const before = addMs(this.#clock.now(), -MARGIN_MS);
    return (await deleteExpiredUsed(this.#database, before)) + (await deleteExpiredTokens(this.#database, before));
  }
}
