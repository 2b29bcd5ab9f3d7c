import { Injectable } from '@nestjs/common';
import { SettlementLoop } from '../../attempts/settlement-loop.ts';
import type { AnsweredOrder } from '../../bankid-sign/sign-order.ts';
import { SignOrders } from '../../bankid-sign/sign-orders.ts';
import { Metrics } from '../../operations/metrics.ts';
import { Workers } from '../../operations/workers.ts';
import { PURPOSE } from '../consent.ts';
import { OrderSettler } from './order-settler.ts';
import { RefusalCounter } from './refusal-counter.ts';

/** Settles the answered orders of consents. */
@Injectable()
export class Settler {
  readonly #loop: SettlementLoop;

  constructor(
    orders: SignOrders,
    private readonly settler: OrderSettler,
    private readonly refusals: RefusalCounter,
    metrics: Metrics,
    workers: Workers,
  ) {
    this.#loop = new SettlementLoop(orders, metrics, workers, {
      purpose: PURPOSE,
      subjects: 'consent:',
      name: 'settler',
      maxInHand: 4,
      settle: (order) => this.#settle(order),
    });
  }

  /** One round. */
  runOnce(): Promise<void> {
    return this.#loop.runOnce();
  }

  /** Resolves when every order that this instance has claimed is settled, deferred or has failed. */
  settleInHand(): Promise<void> {
    return this.#loop.settleInHand();
  }

  async #settle(order: AnsweredOrder): Promise<void> {
    const refused = await this.settler.settle(order);
    if (refused) this.refusals.count(refused);
  }
}
