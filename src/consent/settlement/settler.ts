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

/** The interval of its own rounds: for orders that were deferred, or that an instance claimed and did not settle. */
const INTERVAL_MS = 500;
/** How many are settled at the same time, each in its own transaction; the pool's ten connections also serve requests. */
const MAX_IN_HAND = 4;

/**
 * Settles what BankID answered. Any number of instances share the work; each order is leased. A round claims as many as there is
 * room for and does not wait for them, so that one that waits for a lock delays no other. It is run when this instance has stored
 * an answer, and, while a round finds as many as it has room for, when half of the room is free again.
 */
@Injectable()
export class Settler {
  readonly #log = new Logger('settler');
  readonly #inHand = new Set<Promise<void>>();
  readonly #wake: () => void;
  /** Whether the last round may have left orders behind. */
  #isMoreDue = false;

  constructor(
    private readonly orders: SignOrders,
    private readonly settler: OrderSettler,
    private readonly refusals: RefusalCounter,
    private readonly metrics: Metrics,
    workers: Workers,
  ) {
    this.#wake = workers.add({
      name: 'settler',
      intervalMs: INTERVAL_MS,
      runOnce: () => this.runOnce(),
      finish: () => this.settleInHand(),
    });
    orders.onAnswered(this.#wake);
  }

  /** One round. */
  async runOnce(): Promise<void> {
    this.#isMoreDue = true;
    if (!this.#isHalfFree()) return;
    const room = MAX_IN_HAND - this.#inHand.size;
    const claimed = await this.orders.claimAnswered(PURPOSE, room);
    this.#isMoreDue = claimed.length === room;
    for (const order of claimed) this.#take(order);
  }

  /** Resolves when every order that this instance has claimed is settled, deferred or has failed. */
  async settleInHand(): Promise<void> {
    while (this.#inHand.size > 0) await Promise.all(this.#inHand);
  }

  #isHalfFree(): boolean {
    return this.#inHand.size <= MAX_IN_HAND / 2;
  }

  #take(order: AnsweredOrder): void {
    const settling = this.#settleOrLog(order).finally(() => {
      this.#inHand.delete(settling);
      if (this.#isMoreDue && this.#isHalfFree()) this.#wake();
    });
    this.#inHand.add(settling);
  }

  /** An order that cannot be settled must not hold up the others: its lease ends, and it is tried again or set aside. */
  async #settleOrLog(order: AnsweredOrder): Promise<void> {
    try {
      const refused = await countedStatements(this.metrics, 'worker settler', () => this.settler.settle(order));
      if (refused) this.refusals.count(refused);
    } catch (error) {
      this.#log.error({ message: `order ${order.orderId} could not be settled`, error: describeError(error) });
    }
    // Announced whether it succeeded or not. The answer itself is not: a page between it and its settlement would show for a tenth of a second.
    this.orders.announceProgress(order.group);
  }
}
