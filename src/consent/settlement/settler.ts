import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { AnsweredOrder } from '../../bankid-sign/sign-order.ts';
import { SignOrders } from '../../bankid-sign/sign-orders.ts';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import { countedStatements } from '../../operations/counted-statements.ts';
import { Database } from '../../database/database.ts';
import { Metrics } from '../../operations/metrics.ts';
import { describeError } from '../../operations/describe-error.ts';
import { WorkerLoop } from '../../operations/worker-loop.ts';
import { asPushed } from '../store/as-pushed.ts';
import { PURPOSE } from '../consent.ts';
import { findConsent } from '../store/consent.repository.ts';
import { hasReturned } from '../signing/attempt.repository.ts';
import { withdrawOrder } from '../signing/withdraw-order.ts';
import { hasOpenOrder } from '../store/transition.repository.ts';
import { Settlement } from './settlement.ts';
import { EvidenceRecords } from './evidence-records.ts';
import { isComplete, isFailed, readContext, type CompleteOrder, type OrderContext } from './order-context.ts';
import { OrderVerification } from './order-verification.ts';
import { RefusalCounter } from './refusal-counter.ts';
import type { Consent } from '../consent.ts';

const INTERVAL_MS = 500;
const BATCH = 10;

/** Settles what BankID answered. Any number of instances share the work; each order is leased. */
@Injectable()
export class Settler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger('settler');
  readonly #loop = new WorkerLoop('settler', INTERVAL_MS, () => this.settleAnswered());

  constructor(
    private readonly database: Database,
    private readonly orders: SignOrders,
    private readonly verification: OrderVerification,
    private readonly records: EvidenceRecords,
    private readonly settlement: Settlement,
    private readonly refusals: RefusalCounter,
    @Inject(CONFIG) private readonly config: AppConfig,
    private readonly metrics: Metrics,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.workers) return;
    this.orders.onAnswered(() => this.#loop.wake());
    this.#loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#loop.stop();
  }

  /** Settles the orders that are due now; says how many it took on. */
  async settleAnswered(): Promise<number> {
    const claimed = await this.orders.claimAnswered(PURPOSE, BATCH);
    for (const order of claimed) await this.#settleOrLog(order);
    return claimed.length;
  }

  /** An order that cannot be settled must not stand in the way of the others: its lease ends, and it is tried again or set aside. */
  async #settleOrLog(order: AnsweredOrder): Promise<void> {
    try {
      await countedStatements(this.metrics, 'worker settler', () => this.#settle(order));
    } catch (error) {
      this.#log.error({ message: `order ${order.orderId} could not be settled`, error: describeError(error) });
    }
  }

  async #settle(order: AnsweredOrder): Promise<void> {
    const context = readContext(order);
    const stored = await findConsent(this.database, context.consentId);
    if (!stored)
      throw new TypeError(`order ${order.orderId} belongs to consent ${context.consentId}, whose row is missing`);
    const consent = asPushed(stored);
    if (isComplete(order)) await this.#settleComplete(order, context, consent);
    if (isFailed(order)) {
      const failed = { order, context, consent };
      await this.database.inTransaction((tx) => this.settlement.countFailure(tx, failed));
    }
  }

  async #settleComplete(order: CompleteOrder, context: OrderContext, consent: Consent): Promise<void> {
    const verdict = await this.verification.verify(order, context, consent);
    if (verdict.kind === 'wait') return this.#defer(order, context, verdict.until);
    const record = await this.records.make(order, context, consent, verdict.nonceReturned);
    const settled = { order, context, consent, record };
    await this.database.inTransaction((tx) =>
      verdict.kind === 'accepted'
        ? this.settlement.authorise(tx, settled, verdict.verified)
        : this.settlement.refuse(tx, settled, verdict.reason, verdict.report),
    );
    if (verdict.kind === 'refused') this.refusals.count(verdict.reason, verdict.report);
    // The payer pressed twice: what is still open would only make a surplus signature.
    if (await hasOpenOrder(this.database, consent.consentId)) await withdrawOrder(this.orders, consent.consentId);
  }

  /** The browser may have come back between the question and the deferral: then nothing else would resume the order. */
  async #defer(order: CompleteOrder, context: OrderContext, until: Date): Promise<void> {
    await this.orders.deferSettlement(order.orderId, order.leaseId, until);
    if (await hasReturned(this.database, context.attemptId)) await this.orders.resumeSettlement(order.group);
  }
}
