import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database, type Tx } from '../../database/database.ts';
import { describeError } from '../../operations/describe-error.ts';
import { Envelope, type DataKey } from '../../vault/envelope.ts';
import { Metrics } from '../../operations/metrics.ts';
import { MalformedAnswer, parseCompletionData } from '../rp-api/parse-answer.ts';
import { findJsonObject } from '../rp-api/rp-client.ts';
import type { OrderBody } from '../rp-api/order-body.ts';
import type { AnsweredOrder, FinalAnswer } from '../sign-order.ts';
import { OrderSignals } from '../order/order-signals.ts';
import { openRequest } from '../order/sealed-order.ts';
import { openAnswer } from '../received-answer.ts';
import {
  countSetAside,
  deferSettlement,
  resumeSettlement,
  leaseAnswered,
  markSettled,
  recordUnreadable,
  type ClaimedOrder,
} from './settlement.repository.ts';

const SETTLE_LEASE_MS = 15_000;

/** Failures that the payer did not cause, and that must not cost an attempt. */
const blameless: ReadonlySet<string> = new Set(['withdrawn', 'answer-lost', 'cancelled']);

/** The only failure of a phone order that counts against its person: others began the order. */
const CERTIFICATE_REFUSED = 'certificateErr';

/** Failures that only a person with an open app can cause, whether or not a collect returned `userSign` before. */
const personal: ReadonlySet<string> = new Set(['userCancel', 'userDeclinedCall', 'completion-malformed']);

/** Finished orders, for the module that placed them. */
@Injectable()
export class AnsweredOrders {
  readonly #log = new Logger('bankid-sign');
  /** Where this instance claimed last: the turn goes on behind it. */
  #lastQueue = '';

  constructor(
    private readonly database: Database,
    private readonly envelope: Envelope,
    private readonly signals: OrderSignals,
    @Inject(CLOCK) private readonly clock: Clock,
    metrics: Metrics,
  ) {
    metrics.addGauge('sigill_orders_set_aside', 'Answered orders that could not be settled', () =>
      countSetAside(database),
    );
  }

  async claim(purpose: string, limit: number): Promise<AnsweredOrder[]> {
    const leaseId = randomUUID();
    const now = this.clock.now();
    const lease = { purpose, leaseId, leaseMs: SETTLE_LEASE_MS, limit, now, afterQueue: this.#lastQueue };
    const { claimed, setAside, lastQueue } = await leaseAnswered(this.database, lease);
    this.#lastQueue = lastQueue ?? this.#lastQueue;
    for (const orderId of setAside)
      this.#log.error({ message: `order ${orderId}: set aside, it could not be settled` });
    const opened = await Promise.all(claimed.map((order) => this.#open(order)));
    return opened.filter((order) => order !== undefined);
  }

  /** @throws DomainError `order.not-found` when another instance holds the lease */
  async defer(orderId: string, leaseId: string, until: Date): Promise<void> {
    if (!(await deferSettlement(this.database, orderId, leaseId, until))) throw leaseLost(orderId);
  }

  async resume(group: string): Promise<void> {
    if (await resumeSettlement(this.database, group)) this.signals.announceAnswer();
  }

  /** @throws DomainError `order.not-found` when another instance holds the lease, or the order was settled */
  async settle(tx: Tx, orderId: string, leaseId: string, outcome: string): Promise<void> {
    if (!(await markSettled(tx, { orderId, leaseId, outcome, at: this.clock.now() }))) throw leaseLost(orderId);
  }

  /** An order that cannot be decrypted (for example, because its key was destroyed) must not hold up all others. */
  async #open(order: ClaimedOrder): Promise<AnsweredOrder | undefined> {
    try {
      const opened = answeredOrder(order, this.envelope.unwrapFound(order.subject, order.key));
      const { answer } = opened;
      if (order.answerStatus === 'complete' && answer.status === 'failed') {
        await recordUnreadable(this.database, order.orderId, answer.failure);
      }
      return opened;
    } catch (error) {
      this.#log.error({ message: `order ${order.orderId}: cannot be opened`, error: describeError(error) });
      return undefined;
    }
  }
}

function answeredOrder(order: ClaimedOrder, key: DataKey): AnsweredOrder {
  const { timeline } = order;
  const { body, start, context } = openRequest(key, order.orderId, order.requestSealed);
  const received = order.answerSealed && findJsonObject(openAnswer(key, order.orderId, order.answerSealed));
  return {
    orderId: order.orderId,
    leaseId: order.leaseId,
    purpose: order.purpose,
    group: order.group,
    subject: order.subject,
    key,
    context,
    answer: finalAnswer(order, received),
    visibleData: Buffer.from(body.userVisibleData, 'base64'),
    nonVisibleData: Buffer.from(body.userNonVisibleData, 'base64'),
    orderStartedAt: order.requestedAt,
    receivedAt: order.answeredAt,
    relyingPartyName: order.relyingPartyName,
    kind: order.kind,
    start,
    launchLinkMadeAt: order.device === 'this' ? order.startedAt : undefined,
    renewals: order.renewal,
    timeline,
    signParameters: withoutTexts(body),
  };
}

function finalAnswer(order: ClaimedOrder, received: JsonObject | undefined): FinalAnswer {
  if (order.answerStatus === 'failed') return failed(order.failure ?? 'unknown', received, order);
  if (!received) throw new Error(`order ${order.orderId} is complete, but its stored answer is missing or not JSON`);
  try {
    return { status: 'complete', completion: parseCompletionData(received), received };
  } catch (error) {
    if (!(error instanceof MalformedAnswer)) throw error;
    return failed('completion-malformed', received, order);
  }
}

function failed(failure: string, received: JsonObject | undefined, { device, timeline }: ClaimedOrder): FinalAnswer {
  const reachedSigning = timeline.some(({ event }) => event === 'userSign');
  const countsAsAttempt =
    device === 'call'
      ? reachedSigning && failure === CERTIFICATE_REFUSED
      : !blameless.has(failure) && (reachedSigning || personal.has(failure));
  return { status: 'failed', failure, reachedSigning, countsAsAttempt, received };
}

function withoutTexts({
  userVisibleData: _visible,
  userNonVisibleData: _nonVisible,
  ...parameters
}: OrderBody): JsonObject {
  return parameters as object as JsonObject;
}

function leaseLost(orderId: string): DomainError {
  return new DomainError('order.not-found', { log: `order ${orderId}: settled, or leased to another` });
}
