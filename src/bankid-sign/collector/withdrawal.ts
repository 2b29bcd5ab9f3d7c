import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database } from '../../database/database.ts';
import { OrderCollection } from './order-collection.ts';
import { RelyingParties } from '../relying-parties.ts';
import { OrderSignals } from '../order/order-signals.ts';
import { isOrderGone, refusal } from '../order/refusal.ts';
import {
  findStandingOrder,
  markCancelled,
  markNotStarted,
  markWithdrawn,
  type OrderFacts,
} from '../order/sign-order.repository.ts';

/** The longest time that another instance's collect can take. */
const WITHDRAWAL_TIMEOUT_MS = 12_000;
const POLL_INTERVAL_MS = 100;

/** Cancels open orders, and waits until BankID has confirmed that they are over. */
@Injectable()
export class Withdrawal {
  constructor(
    private readonly database: Database,
    private readonly parties: RelyingParties,
    private readonly collection: OrderCollection,
    private readonly signals: OrderSignals,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Ends the group's open order.
   * @param unsent whether to abandon an order that is just being sent to BankID
   * @returns false if one is left, because it was signed, or its end is not yet known
   * @throws DomainError `bankid.unavailable` if BankID does not confirm
   */
  async withdraw(group: string, unsent: 'abandon' | 'keep'): Promise<boolean> {
    const deadlineMs = performance.now() + WITHDRAWAL_TIMEOUT_MS;
    while (performance.now() < deadlineMs) {
      const order = await findStandingOrder(this.database, group);
      if (!order) return true;
      if (order.state === 'answered' || order.state === 'answer-unknown') return false;
      if (order.state === 'requested') {
        if (unsent === 'keep' && !order.isStale) return false;
        await markNotStarted(this.database, order.orderId, 'unknown', 'withdrawn');
      } else {
        await this.#cancel(order);
      }
    }
    return false;
  }

  async #cancel(order: OrderFacts): Promise<void> {
    if (order.orderRef === undefined)
      throw new Error(`order ${order.orderId} is pending at BankID, but its row has no orderRef`);
    const { client } = this.parties.get(order.relyingParty);
    if (!(await markWithdrawn(this.database, order.orderId, this.clock.now()))) return;
    const result = await client.cancel(order.orderRef);
    if (result.answered) {
      if (await markCancelled(this.database, order.orderId, this.clock.now())) this.signals.announceAnswer();
      return;
    }
    if (!isOrderGone(result.failure)) throw refusal(result.failure, order.device);
    // The order has already ended. Its answer waits to be collected, or an instance is just collecting it.
    await this.collection.collectNow(order.orderId);
    await delay(POLL_INTERVAL_MS);
  }

  /** @throws DomainError `order.already-open` if the group's order cannot be withdrawn */
  async withdrawOpenOrder(group: string): Promise<void> {
    if (!(await this.withdraw(group, 'keep'))) throw new DomainError('order.already-open');
  }
}
