import { Injectable } from '@nestjs/common';
import type { OrderId } from '../kernel/ids.ts';
import type { Patience } from '../database/announcements.ts';
import type { Tx } from '../database/database.ts';
import type { DataKey } from '../vault/envelope.ts';
import { Dispatch } from './dispatch/dispatch.ts';
import { OrderSignals } from './order/order-signals.ts';
import { AnsweredOrders } from './settlement/answered-orders.ts';
import { OrderWatch } from './watch/order-watch.ts';
import { Placement } from './placement/placement.ts';
import type { UnsentOrder } from './placement/submission.ts';
import type { AnsweredOrder, Progress, OrderRequest, Scannable } from './sign-order.ts';

export type { UnsentOrder } from './placement/submission.ts';

/** Signatures and identifications in BankID: from the request to the answer, for any purpose. */
@Injectable()
export class SignOrders {
  constructor(
    private readonly placement: Placement,
    private readonly dispatch: Dispatch,
    private readonly watch: OrderWatch,
    private readonly answered: AnsweredOrders,
    private readonly signals: OrderSignals,
  ) {}

  /**
   * Stores an order in the caller's transaction, for {@link sendOrder} after it. Undefined where the group has an open one:
   * {@link placeOrder} withdraws it.
   * @param key the data key of the order's subject
   * @throws DomainError `order.already-open` while a signature of the group waits to be settled
   * @throws DomainError of a phone order that a limit refuses, `bankid.already-in-progress` or `oauth.unauthorized-client`: the
   *   transaction must not commit
   */
  insertOrder(tx: Tx, key: DataKey, request: OrderRequest): Promise<UnsentOrder | undefined> {
    return this.placement.insert(tx, key, request);
  }

  /** Makes a stored order at BankID. @throws DomainError as {@link placeOrder} */
  async sendOrder(order: UnsentOrder): Promise<{ readonly orderId: OrderId }> {
    return { orderId: await this.dispatch.send(order) };
  }

  /**
   * Stores and makes an order at BankID; an order of the same group that is still open is cancelled first.
   * @throws DomainError `order.already-open` when the open one was just signed, is just being made, or its end is not known yet
   * @throws DomainError `bankid.already-in-progress`, `bankid.refused`, `bankid.unavailable`, with the payer's message in `extra.messageCode`
   * @see BankID, Relying Party API v6, `/sign`, `/auth`, `/phone/sign`, `/phone/auth`
   */
  async placeOrder(request: OrderRequest): Promise<{ readonly orderId: OrderId }> {
    return { orderId: await this.dispatch.place(request) };
  }

  /**
   * Cancels the group's open order and waits for BankID to confirm. Without effect when there is none; an order that was signed
   * a moment before stays signed.
   * @throws DomainError `bankid.unavailable`
   */
  async cancelOrder(group: string): Promise<void> {
    await this.dispatch.cancel(group);
  }

  /**
   * The text of the QR code for this second; undefined when there is nothing to scan.
   * @param scan of the group's progress, where that has just been read
   */
  findQrFrame(group: string, now: Date, scan?: Scannable): Promise<string | undefined> {
    return this.watch.findQrFrame(group, now, scan);
  }

  /** The link that starts the BankID app on the device of the browser or of the TPP's app; undefined when there is nothing to start. */
  launchLink(progress: Progress, userAgent: string): string | undefined {
    return this.watch.launchLink(progress, userAgent);
  }

  /**
   * The link by which a TPP's app opens BankID, good for another 15 s at least: the order of an older one is renewed, within the limits of
   * renewals. Undefined when there is nothing to open, and for any other way.
   */
  currentLaunchLink(group: string, userAgent: string): Promise<string | undefined> {
    return this.watch.currentLaunchLink(group, userAgent);
  }

  /**
   * While a page shows the link: the order of a link older than 18 s is renewed, within the limits of renewals. To be called for a page
   * that is looked at, and not after its link was pressed.
   * @param progress of the group
   * @returns whether the progress is another
   */
  keepLaunchable(group: string, progress: Progress, now: Date): Promise<boolean> {
    return this.watch.keepLaunchable(group, progress, now);
  }

  /** How far the group's latest order has come; undefined when it never had one. */
  findProgress(group: string): Promise<Progress | undefined> {
    return this.watch.findProgress(group);
  }

  /**
   * Leases finished orders of a purpose for 15 s: signed, failed, withdrawn or lost. Banks take turns. One that is not settled is
   * given out again when its lease has run out, at growing intervals, and set aside after the eighth.
   */
  claimAnswered(purpose: string, limit: number): Promise<AnsweredOrder[]> {
    return this.answered.claim(purpose, limit);
  }

  /**
   * Gives an order back, to be claimed again at `until` or when {@link resumeSettlement} is called.
   * @throws DomainError `order.not-found` when another instance holds the lease
   */
  deferSettlement(orderId: string, leaseId: string, until: Date): Promise<void> {
    return this.answered.defer(orderId, leaseId, until);
  }

  /** The group's deferred order can be settled now: what it waited for has happened. */
  resumeSettlement(group: string): Promise<void> {
    return this.answered.resume(group);
  }

  /**
   * Marks an order settled, in the transaction that records what follows from it.
   * @throws DomainError `order.not-found` when another instance holds the lease: the transaction must not commit
   */
  markSettled(tx: Tx, orderId: string, leaseId: string, outcome: string): Promise<void> {
    return this.answered.settle(tx, orderId, leaseId, outcome);
  }

  /** `wake` is called after an answer was stored by this instance, with the subject of its order where that is known. */
  onAnswered(wake: (subject: string | undefined) => void): void {
    this.signals.onAnswered(wake);
  }

  /** What followed from an answer is committed, or is put off: pages that wait for it look again, in every instance. */
  announceProgress(group: string): void {
    this.signals.announceProgress(group);
  }

  /** The moment before a group's progress is read. */
  mark(): number {
    return this.signals.mark();
  }

  /** Waits for the group's next progress after `mark`. False when there is no reason to look again. */
  nextProgress(group: string, mark: number, patience: Patience): Promise<boolean> {
    return this.signals.nextProgress(group, mark, patience);
  }
}
