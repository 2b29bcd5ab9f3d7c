import { isComplete, isFailed, type CompleteOrder } from '../../attempts/answered-order.ts';
import { Injectable } from '@nestjs/common';
import { hasOpenOrder } from '../../bankid-sign/order-group.repository.ts';
import type { AnsweredOrder } from '../../bankid-sign/sign-order.ts';
import { SignOrders } from '../../bankid-sign/sign-orders.ts';
import { Database } from '../../database/database.ts';
import { PURPOSE } from '../consent.ts';
import { hasReturned } from '../signing/attempt.repository.ts';
import { withdrawOrder } from '../../attempts/withdraw-order.ts';
import { asPushed } from '../store/as-pushed.ts';
import { findForSettlement, type FoundForSettlement } from '../store/consent.repository.ts';
import { EvidenceRecords } from './evidence-records.ts';
import { readContext, type OrderContext } from './order-context.ts';
import { OrderVerification, type AcceptedOrder, type Completed, type RefusedOrder } from './order-verification.ts';
import { Settlement, type SettledComplete } from './settlement.ts';

/** Turns one answered order into evidence and a new state of its consent, in one transaction. */
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
  async settle(order: AnsweredOrder): Promise<RefusedOrder | undefined> {
    const context = readContext(order);
    const found = await findForSettlement(this.database, context);
    if (!found)
      throw new TypeError(`order ${order.orderId} belongs to consent ${context.consentId}, whose row is missing`);
    const consent = asPushed(found.stored);
    if (isComplete(order)) return this.#settleComplete({ order, context, consent }, found);
    if (isFailed(order)) {
      const failed = { order, context, consent };
      await this.database.inTransaction((tx) => this.settlement.countFailure(tx, failed));
    }
    return undefined;
  }

  async #settleComplete(complete: Completed, found: FoundForSettlement): Promise<RefusedOrder | undefined> {
    const { order, context, consent } = complete;
    const examined = this.verification.examine(complete, found);
    const verdict = await this.verification.verify(complete, examined, found);
    if (verdict.kind === 'wait') {
      await this.#defer(order, context, verdict.until);
      return undefined;
    }
    const record = this.records.make(complete, examined, found);
    // The payer pressed twice: an order that is still open could only give a surplus signature.
    if (await this.#record({ ...complete, record }, verdict)) await withdrawOrder(this.orders, consent.consentId);
    return verdict.kind === 'refused' ? verdict : undefined;
  }

  /** Says whether BankID may still hold another order of the consent. */
  async #record(settled: SettledComplete, verdict: AcceptedOrder | RefusedOrder): Promise<boolean> {
    if (verdict.kind === 'accepted') {
      const authorised = await this.settlement.authorise(this.database, settled, verdict.verified);
      if (authorised.isAuthorised) return authorised.hasOpenOrder;
    }
    return this.database.inTransaction(async (tx) => {
      if (verdict.kind === 'accepted') await this.settlement.keepSurplus(tx, settled, verdict.verified.report);
      else await this.settlement.refuse(tx, settled, verdict.reason, verdict.report);
      return hasOpenOrder(tx, PURPOSE, settled.consent.consentId);
    });
  }

  /** The browser may have returned between the check and the deferral; then nothing else would resume the order. */
  async #defer(order: CompleteOrder, context: OrderContext, until: Date): Promise<void> {
    await this.orders.deferSettlement(order.orderId, order.leaseId, until);
    if (await hasReturned(this.database, context.attemptId)) await this.orders.resumeSettlement(order.group);
  }
}
