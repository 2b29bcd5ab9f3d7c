import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SignOrders } from '../../bankid-sign/sign-orders.ts';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import { SECOND_MS } from '../../kernel/clock.ts';
import { Database } from '../../database/database.ts';
import { WorkerLoop } from '../../operations/worker-loop.ts';
import { withdrawOrder } from '../signing/withdraw-order.ts';
import { findEndedWithOpenOrder } from '../store/transition.repository.ts';
import { Expiry } from './expiry.ts';

const BATCH = 50;

/** Ends consents whose time is up, and withdraws what ended consents have left open at BankID. */
@Injectable()
export class ExpirySweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #loop = new WorkerLoop('expiry-sweeper', SECOND_MS, () => this.sweep());

  constructor(
    private readonly database: Database,
    private readonly orders: SignOrders,
    private readonly expiry: Expiry,
    @Inject(CONFIG) private readonly config: AppConfig,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.workers) this.#loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#loop.stop();
  }

  /** Expires up to a batch of consents; says how many. */
  async sweep(): Promise<number> {
    const expired = await this.expiry.endDue(BATCH);
    // Also what was begun in the moment of the end, or was left by an instance that died before it could withdraw it.
    for (const consentId of await findEndedWithOpenOrder(this.database, BATCH)) {
      await withdrawOrder(this.orders, consentId);
    }
    return expired.length;
  }
}
