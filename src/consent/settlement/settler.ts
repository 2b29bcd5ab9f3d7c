import { Injectable, Logger } from '@nestjs/common';
import type { AnsweredOrder } from '../../bankid-sign/sign-order.ts';
import { SignOrders } from '../../bankid-sign/sign-orders.ts';
import { countedStatements } from '../../operations/statement-count.ts';
import { describeError } from '../../operations/describe-error.ts';
import { Metrics } from '../../operations/metrics.ts';
import { Workers } from '../../operations/workers.ts';
import { PURPOSE } from '../consent.ts';
import { OrderSettler } from './order-settler.ts';
import { RefusalCounter } from './refusal-counter.ts';

const INTERVAL_MS = 500;
/** Settled at the same time, each in a transaction of its own: the pool's ten connections have requests to serve as well. */
const BATCH = 4;

/** Settles what BankID answered. Any number of instances share the work; each order is leased. */
@Injectable()
export class Settler {
  readonly #log = new Logger('settler');

  constructor(
    private readonly orders: SignOrders,
    private readonly settler: OrderSettler,
    private readonly refusals: RefusalCounter,
    private readonly metrics: Metrics,
    workers: Workers,
  ) {
    const wake = workers.add({
      name: 'settler',
      intervalMs: INTERVAL_MS,
      runOnce: () => this.settleAnswered(),
      batch: BATCH,
    });
    orders.onAnswered(wake);
  }

  /** Settles up to a batch of the orders that are due now; says how many it took on. */
  async settleAnswered(): Promise<number> {
    const claimed = await this.orders.claimAnswered(PURPOSE, BATCH);
    await Promise.all(claimed.map((order) => this.#settleOrLog(order)));
    return claimed.length;
  }

  /** An order that cannot be settled must not stand in the way of the others: its lease ends, and it is tried again or set aside. */
  async #settleOrLog(order: AnsweredOrder): Promise<void> {
    try {
      const refused = await countedStatements(this.metrics, 'worker settler', () => this.settler.settle(order));
      if (refused) this.refusals.count(refused.reason, refused.report);
    } catch (error) {
      this.#log.error({ message: `order ${order.orderId} could not be settled`, error: describeError(error) });
    }
  }
}
