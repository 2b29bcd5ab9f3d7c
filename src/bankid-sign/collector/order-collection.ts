import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Clock } from '../../kernel/clock.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { Database } from '../../database/database.ts';
import { CLOCK } from '../../operations/clock.ts';
import { isOrderGone } from '../order/refusal.ts';
import { RelyingParties } from '../relying-parties.ts';
import { TIMINGS, type Timings } from '../timings.ts';
import type { RpFailure } from '../rp-api/rp-failure.ts';
import { endOrphans, type Orphans } from './orphans.repository.ts';
import { AnswerRecorder } from './answer-recorder.ts';
import { leaseDue, leaseOne, markAnswerUnknown, rescheduleAll, type LeasedOrder } from './collect.repository.ts';

/** An order that keeps waiting, and when (monotonic milliseconds) its collect began. */
export interface WaitingOrder {
  readonly order: LeasedOrder;
  readonly collectStartedMs: number;
}

/** Collects one leased order and interprets the answer. */
@Injectable()
export class OrderCollection {
  readonly #log = new Logger('bankid-sign');

  constructor(
    private readonly database: Database,
    private readonly parties: RelyingParties,
    private readonly recorder: AnswerRecorder,
    @Inject(TIMINGS) private readonly timings: Timings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  leaseDue(limit: number): Promise<LeasedOrder[]> {
    const lease = { leaseId: randomUUID(), leaseMs: this.timings.leaseMs, limit };
    return leaseDue(this.database, lease, this.parties.ids);
  }

  /** Open orders of RP certificates that the ring lacks; what has become of those that BankID has no more is recorded. */
  endOrphans(): Promise<Orphans[]> {
    return endOrphans(this.database, this.parties.ids, this.clock.now());
  }

  /** Collects a pending order out of turn, unless another instance is collecting it. */
  async collectNow(orderId: OrderId): Promise<void> {
    const order = await this.lease(orderId);
    if (order) await this.collectLeased(order);
  }

  /** A pending order, due or not; undefined when it is leased or finished. */
  lease(orderId: OrderId): Promise<LeasedOrder | undefined> {
    return leaseOne(this.database, orderId, randomUUID(), this.timings.leaseMs);
  }

  async collectLeased(order: LeasedOrder): Promise<void> {
    const waiting = await this.collect(order);
    if (waiting) await this.reschedule([waiting]);
  }

  /** Whether BankID has cancelled the order: then no answer will come. */
  async cancel({ orderRef, relyingParty }: LeasedOrder): Promise<boolean> {
    return (await this.parties.get(relyingParty).client.cancel(orderRef)).answered;
  }

  /** Undefined if the order no longer waits, or another instance may have its answer. */
  async collect(order: LeasedOrder): Promise<WaitingOrder | undefined> {
    const collectStartedMs = performance.now();
    const result = await this.parties.get(order.relyingParty).client.collect(order.orderRef);
    if (!result.answered) {
      return (await this.#staysAfter(order, result.failure)) ? { order, collectStartedMs } : undefined;
    }
    const answer = result.value;
    if (answer.status !== 'pending') {
      await this.recorder.record(order, answer, result.received);
      return undefined;
    }
    if (answer.hintCode !== order.hintCode || order.answerUnknown) {
      await this.recorder.recordHint(order, answer.hintCode);
    }
    return { order, collectStartedMs };
  }

  /** The next collect begins 2 s after the start of the last one, never earlier. */
  async reschedule(waiting: readonly WaitingOrder[]): Promise<void> {
    if (waiting.length === 0) return;
    const now = performance.now();
    await rescheduleAll(
      this.database,
      waiting.map(({ order, collectStartedMs }) => ({
        orderId: order.orderId,
        leaseId: order.leaseId,
        delayMs: Math.max(0, this.timings.collectIntervalMs - (now - collectStartedMs)),
      })),
    );
  }

  /** Whether to collect again: a failed call says nothing about the order itself. */
  async #staysAfter(order: LeasedOrder, failure: RpFailure): Promise<boolean> {
    const waitMs = this.timings.answerUnknownMs;
    this.#log.warn(`order ${order.orderId}: collect failed: ${failure.kind} ${failure.details ?? ''}`.trimEnd());
    if (!isOrderGone(failure)) return true;
    // The final answer is given once, and another instance may be storing it: wait, then look again.
    if (!order.answerUnknown) {
      await markAnswerUnknown(this.database, order, waitMs);
      return false;
    }
    return !(await this.recorder.recordLost(order, waitMs));
  }
}
