import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.ts';
import { SignOrders } from '../../bankid-sign/sign-orders.ts';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import { SECOND_MS, type Clock } from '../../kernel/clock.ts';
import { consentSubject } from '../../kernel/subject.ts';
import { CLOCK } from '../../platform/clock.ts';
import { Database, type Tx } from '../../platform/database.ts';
import { WorkerLoop } from '../../platform/worker-loop.ts';
import { revokeTokensOfConsent } from '../../tpp/access-tokens.ts';
import { withdrawOrder } from '../signing/withdraw-order.ts';
import { expire, hasOpenOrder, type ExpiredConsent } from '../store/transition.repository.ts';

const BATCH = 50;

/** Ends consents whose time is up. */
@Injectable()
export class ExpirySweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #loop = new WorkerLoop('expiry-sweeper', SECOND_MS, () => this.sweep());

  constructor(
    private readonly database: Database,
    private readonly orders: SignOrders,
    private readonly audit: AuditTrail,
    @Inject(CONFIG) private readonly config: AppConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.workers) this.#loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#loop.stop();
  }

  /** Expires up to a batch of consents; says how many. */
  async sweep(): Promise<number> {
    const now = this.clock.now();
    const expired = await this.database.inTransaction(async (tx) => {
      const ended = await expire(tx, now, BATCH);
      for (const consent of ended) await this.#conclude(tx, consent, now);
      return ended;
    });
    for (const { consentId } of expired) {
      if (await hasOpenOrder(this.database, consentId)) await withdrawOrder(this.orders, consentId);
    }
    return expired.length;
  }

  async #conclude(tx: Tx, { consentId, bank, reason }: ExpiredConsent, at: Date): Promise<void> {
    await revokeTokensOfConsent(tx, consentId, at);
    await this.audit.appendEvent(tx, consentSubject(bank, consentId), {
      type: 'consent.expired',
      at,
      actor: 'service',
      detail: { reason },
    });
  }
}
