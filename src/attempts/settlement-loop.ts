import { Logger } from '@nestjs/common';
import type { AnsweredOrder } from '../bankid-sign/sign-order.ts';
import type { SignOrders } from '../bankid-sign/sign-orders.ts';
import { countedStatements } from '../operations/statement-count.ts';
import { describeError } from '../operations/describe-error.ts';
import type { Metrics } from '../operations/metrics.ts';
import type { Workers } from '../operations/workers.ts';

/** The interval of its own rounds: for orders that were deferred, or that an instance claimed and did not settle. */
const INTERVAL_MS = 500;

/** What the loop settles. */
export interface Settling {
  /** Of the orders. */
  readonly purpose: string;
  /** How their subjects begin: the answer of another purpose wakes the loop for nothing. */
  readonly subjects: `${string}:`;
  /** Of the worker. */
  readonly name: string;
  /** How many are settled at the same time, each in its own transaction; the pool's ten connections also serve requests. */
  readonly maxInHand: number;
  /** One order; what it throws is logged, and the order is tried again or set aside. */
  readonly settle: (order: AnsweredOrder) => Promise<void>;
}

/**
 * Settles what BankID answered to the orders of one purpose. Any number of instances share the work; each order is leased. A round
 * claims as many as there is room for and does not wait for them, so that one that waits for a lock delays no other. It is run when
 * this instance has stored an answer, and, while a round finds as many as it has room for, when half of the room is free again.
 */
export class SettlementLoop {
  readonly #log: Logger;
  readonly #inHand = new Set<Promise<void>>();
  readonly #wake: () => void;
  /** Whether the last round may have left orders behind. */
  #isMoreDue = false;

  constructor(
    private readonly orders: SignOrders,
    private readonly metrics: Metrics,
    workers: Workers,
    private readonly settling: Settling,
  ) {
    const { name, subjects } = settling;
    this.#log = new Logger(name);
    this.#wake = workers.add({
      name,
      intervalMs: INTERVAL_MS,
      runOnce: () => this.runOnce(),
      finish: () => this.settleInHand(),
    });
    orders.onAnswered((subject) => {
      if (subject?.startsWith(subjects) ?? true) this.#wake();
    });
  }

  /** One round. */
  async runOnce(): Promise<void> {
    this.#isMoreDue = true;
    if (!this.#isHalfFree()) return;
    const room = this.settling.maxInHand - this.#inHand.size;
    const claimed = await this.orders.claimAnswered(this.settling.purpose, room);
    this.#isMoreDue = claimed.length === room;
    for (const order of claimed) this.#take(order);
  }

  /** Resolves when every order that this instance has claimed is settled, deferred or has failed. */
  async settleInHand(): Promise<void> {
    while (this.#inHand.size > 0) await Promise.all(this.#inHand);
  }

  #isHalfFree(): boolean {
    return this.#inHand.size <= this.settling.maxInHand / 2;
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
      await countedStatements(this.metrics, `worker ${this.settling.name}`, () => this.settling.settle(order));
    } catch (error) {
      this.#log.error({ message: `order ${order.orderId} could not be settled`, error: describeError(error) });
    }
    // Announced whether it succeeded or not. The answer itself is not: a page between it and its settlement would show for a tenth of a second.
    this.orders.announceProgress(order.group);
  }
}
