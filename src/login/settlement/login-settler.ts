import { Injectable } from '@nestjs/common';
import { SettlementLoop } from '../../attempts/settlement-loop.ts';
import type { AnsweredOrder } from '../../bankid-sign/sign-order.ts';
import { SignOrders } from '../../bankid-sign/sign-orders.ts';
import { Metrics } from '../../operations/metrics.ts';
import { Workers } from '../../operations/workers.ts';
import { findDecidingCheck } from '../../verification/report.ts';
import { PURPOSE } from '../login.ts';
import type { RefusedLogin } from './order-verification.ts';
import { OrderSettler } from './order-settler.ts';

/** Settles the answered orders of logins. */
@Injectable()
export class LoginSettler {
  readonly #loop: SettlementLoop;

  constructor(
    orders: SignOrders,
    private readonly settler: OrderSettler,
    private readonly metrics: Metrics,
    workers: Workers,
  ) {
    this.#loop = new SettlementLoop(orders, metrics, workers, {
      purpose: PURPOSE,
      subjects: 'login:',
      name: 'login-settler',
      maxInHand: 2,
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
    if (refused) this.#count(refused);
  }

  /** By the deciding check, so that an operator notices at once if BankID changes its format. */
  #count({ reason, report }: RefusedLogin): void {
    const check = reason === 'signature' ? (findDecidingCheck(report) ?? 'unknown') : reason;
    this.metrics.count('sigill_login_refusals_total', 'Completed orders of logins refused, by the deciding check', {
      check,
    });
  }
}
