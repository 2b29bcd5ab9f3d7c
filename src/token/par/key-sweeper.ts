import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import { MINUTE_MS, type Clock } from '../../kernel/clock.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database } from '../../database/database.ts';
import { WorkerLoop } from '../../operations/worker-loop.ts';
import { deleteExpiredKeys } from './idempotent-push.repository.ts';

/** Forgets Idempotency-Keys a day after their push. */
@Injectable()
export class KeySweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #enabled: boolean;
  readonly #loop: WorkerLoop;

  constructor(database: Database, @Inject(CLOCK) clock: Clock, @Inject(CONFIG) config: AppConfig) {
    this.#database = database;
    this.#clock = clock;
    this.#enabled = config.workers;
    this.#loop = new WorkerLoop('key-sweeper', 10 * MINUTE_MS, () => this.sweep());
  }

  onApplicationBootstrap(): void {
    if (this.#enabled) this.#loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#loop.stop();
  }

  /** How many rows went. */
  sweep(): Promise<number> {
    return deleteExpiredKeys(this.#database, this.#clock.now());
  }
}
