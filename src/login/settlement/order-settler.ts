import { Injectable } from '@nestjs/common';
import { isComplete, isFailed, type CompleteOrder } from '../../attempts/answered-order.ts';
import type { AnsweredOrder } from '../../bankid-sign/sign-order.ts';
import { SignOrders } from '../../bankid-sign/sign-orders.ts';
import { Database } from '../../database/database.ts';
import { askedText } from '../press/login-order.ts';
import { hasReturned } from '../press/attempt.repository.ts';
import { findForSettlement, type FoundForSettlement } from '../store/login.repository.ts';
import { EvidenceRecords } from './evidence-records.ts';
import { OrderVerification, type RefusedLogin } from './order-verification.ts';
import { readContext, type OrderContext, type Settled } from './order-context.ts';
import { Settlement } from './settlement.ts';

/** Turns one answered order into evidence and a new state of its login, in one transaction. */
@Injectable()
export class OrderSettler {
  constructor(
    private readonly database: Database,
    private readonly orders: SignOrders,
    private readonly verification: OrderVerification,
    private readonly records: EvidenceRecords,
    private readonly settlement: Settlement,
  ) {}

  /** The refusal, if a completed order was refused. */
  async settle(order: AnsweredOrder): Promise<RefusedLogin | undefined> {
    const context = readContext(order);
    const found = await findForSettlement(this.database, context);
    if (!found) throw new TypeError(`order ${order.orderId} belongs to login ${context.loginId}, whose row is missing`);
    const { login } = found;
    if (context.asked !== askedText(login))
      throw new TypeError(`order ${order.orderId} was made for other claims or another nonce than its login has now`);
    if (isComplete(order)) return this.#settleComplete({ order, context, login }, found);
    if (isFailed(order)) {
      const failed = { order, context, login };
      await this.database.inTransaction((tx) => this.settlement.endFailed(tx, failed));
    }
    return undefined;
  }

  async #settleComplete(
    complete: Settled<CompleteOrder>,
    found: FoundForSettlement,
  ): Promise<RefusedLogin | undefined> {
    const { order, context } = complete;
    const examined = this.verification.examine(complete, found);
    const verdict = this.verification.verify(complete, examined, found);
    if (verdict.kind === 'wait') {
      await this.#defer(order, context, verdict.until);
      return undefined;
    }
    const settled = { ...complete, record: this.records.make(complete, examined, found) };
    await this.database.inTransaction(async (tx) => {
      if (verdict.kind === 'refused') return this.settlement.refuse(tx, settled, verdict.reason, verdict.report);
      return this.settlement.authenticate(tx, settled, verdict.verified);
    });
    return verdict.kind === 'refused' ? verdict : undefined;
  }

  /** The nonce may have come back between the check and the deferral; then nothing else would resume the order. */
  async #defer(order: CompleteOrder, context: OrderContext, until: Date): Promise<void> {
    await this.orders.deferSettlement(order.orderId, order.leaseId, until);
    if (await hasReturned(this.database, context.attemptId)) await this.orders.resumeSettlement(order.group);
  }
}
