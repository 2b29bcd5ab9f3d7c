import { Injectable } from '@nestjs/common';
import { Withdrawal } from '../collector/withdrawal.ts';
import { Database } from '../../database/database.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { Envelope } from '../../vault/envelope.ts';
import { refusal } from '../order/refusal.ts';
import { Placement } from '../placement/placement.ts';
import { Submission, type UnsentOrder } from '../placement/submission.ts';
import type { OrderRequest } from '../sign-order.ts';

/** Sends orders to BankID once what must end before them has ended. */
@Injectable()
export class Dispatch {
  constructor(
    private readonly database: Database,
    private readonly envelope: Envelope,
    private readonly placement: Placement,
    private readonly submission: Submission,
    private readonly withdrawal: Withdrawal,
  ) {}

  /**
   * Stores and sends an order; the group's open one is withdrawn first.
   * @throws DomainError `order.already-open`, and as {@link send} and `Placement.insert`
   */
  async place(request: OrderRequest): Promise<OrderId> {
    await this.withdrawal.withdrawOpenOrder(request.group);
    const unsent = await this.database.inTransaction(async (tx) => {
      const key = await this.envelope.getDataKey(tx, request.subject);
      return this.placement.insert(tx, key, request);
    });
    if (!unsent) throw new DomainError('order.already-open');
    return this.send(unsent);
  }

  /** @throws DomainError `bankid.already-in-progress`, `bankid.refused` and `bankid.unavailable` */
  async send(order: UnsentOrder): Promise<OrderId> {
    await this.#withdrawSuperseded(order);
    const failure = await this.submission.send(order);
    if (failure) throw refusal(failure, order.device);
    return order.orderId;
  }

  /** Cancels the group's open order. @throws DomainError `bankid.unavailable` */
  async cancel(group: string): Promise<void> {
    await this.withdrawal.withdraw(group, 'abandon');
  }

  /** BankID would cancel both: the client's earlier phone order for the person ends before this one is sent. */
  async #withdrawSuperseded({ orderId, supersedes }: UnsentOrder): Promise<void> {
    try {
      for (const group of supersedes) await this.withdrawal.withdraw(group, 'abandon');
    } catch (error) {
      await this.submission.abandon(orderId);
      throw error;
    }
  }
}
