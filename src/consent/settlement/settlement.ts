import type { CompleteOrder, FailedOrder } from '../../attempts/answered-order.ts';
import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail, eventText } from '../../audit/audit-trail.ts';
import { SignOrders } from '../../bankid-sign/sign-orders.ts';
import type { EvidenceRecord, SealedEvidence } from '../../evidence/evidence.ts';
import { EvidenceStore } from '../../evidence/evidence-store.ts';
import { addMs, formatInstant, type Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { consentSubject } from '../../kernel/subject.ts';
import { parseNonVisibleData } from '../../payment/non-visible.ts';
import { CLOCK } from '../../operations/clock.ts';
import type { Scope, Tx } from '../../database/database.ts';
import type { Report } from '../../verification/report.ts';
import type { VerifiedSignature } from '../../verification/verified-signature.ts';
import { Authorisations } from '../authorisations.ts';
import type { Consent, EndReason } from '../consent.ts';
import { lifetimes } from '../lifetimes.ts';
import { signedPayment } from './signed-payment.ts';
import { endAttempt, type AttemptEnd } from '../signing/attempt.repository.ts';
import { authoriseConsent, type Authorisation } from './authorise.repository.ts';
import { reject } from '../store/reject.repository.ts';
import { countFailedAttempt, endWithoutPresses } from '../signing/attempt-limit.repository.ts';
import type { OrderContext } from './order-context.ts';

interface Settled<Order> {
  readonly order: Order;
  readonly context: OrderContext;
  readonly consent: Consent;
}

export type SettledComplete = Settled<CompleteOrder> & { readonly record: EvidenceRecord };

/** The effects of an answered order, each in one transaction that also marks the order settled, or finds it no longer leased. */
@Injectable()
export class Settlement {
  constructor(
    private readonly orders: SignOrders,
    private readonly evidence: EvidenceStore,
    private readonly authorisations: Authorisations,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Transaction B, in one statement. It writes nothing when the consent no longer waits, or the answer came too late: then the
   * signature is surplus.
   * @throws DomainError `order.not-found` when another instance holds the lease
   */
  async authorise(scope: Scope, settled: SettledComplete, verified: VerifiedSignature): Promise<Authorisation> {
    const { order, context, record } = settled;
    const now = this.clock.now();
    const evidence = this.evidence.sealAccepted(order.key, verified, record);
    const { evidenceId, evidenceDigest } = evidence.summary;
    const signed = signedPayment(parseNonVisibleData(verified.nonVisibleData), evidenceId);
    const signer = { personalNumber: verified.signer.personalNumber, signedAt: verified.signedAt };
    const authorised = await authoriseConsent(scope, {
      order,
      attemptId: context.attemptId,
      evidence,
      authorisation: this.authorisations.sign(order.key, signed, signer, evidenceDigest),
      event: authorisedEvent(order.orderId, evidence, signer.signedAt, now),
      now,
      returnBy: addMs(now, lifetimes.returnMs),
    });
    if (!authorised.isLeased) throw leaseLost(order);
    return authorised;
  }

  /** A completed order that authorises nothing ends the consent; verdict and signature are stored. */
  async refuse(tx: Tx, settled: SettledComplete, reason: EndReason, report: Report): Promise<void> {
    const { order, consent, record } = settled;
    const isRejected = await reject(tx, consent.consentId, reason, this.clock.now());
    if (!isRejected) return this.keepSurplus(tx, settled, report);
    const evidenceId = await this.evidence.appendUnaccepted(tx, order.key, 'refused', { report, record });
    const detail = { reason, orderId: order.orderId, evidenceId, ...verdictOf(report) };
    await this.#append(tx, consent, 'consent.rejected', detail);
    await this.#end(tx, settled, { outcome: 'refused' });
  }

  /** Stores a signature that the consent no longer waits for, and that authorises nothing. */
  async keepSurplus(tx: Tx, settled: SettledComplete, report: Report): Promise<void> {
    const { order, consent, record } = settled;
    const evidenceId = await this.evidence.appendUnaccepted(tx, order.key, 'surplus', { report, record });
    await this.#append(tx, consent, 'evidence.surplus', { orderId: order.orderId, evidenceId, ...verdictOf(report) });
    await this.#end(tx, settled, { outcome: 'surplus' });
  }

  /**
   * A failed order counts as an attempt if a person tried to sign; the fifth ends the consent, and so does the last press. A
   * backchannel request has no other press: any failure ends its consent.
   */
  async countFailure(tx: Tx, settled: Settled<FailedOrder>): Promise<void> {
    const { order, consent } = settled;
    const { failure, reachedSigning, countsAsAttempt } = order.answer;
    const now = this.clock.now();
    const isOnlyPress = consent.channel.way !== 'browser';
    const counted = countsAsAttempt && !isOnlyPress ? await countFailedAttempt(tx, consent.consentId, now) : undefined;
    await this.#append(tx, consent, 'order.failed', {
      orderId: order.orderId,
      failure,
      reachedSigning,
      countsAsAttempt,
      failedAttempts: counted?.failedAttempts ?? consent.failedAttempts,
    });
    await this.#end(tx, settled, { outcome: outcomeOf(order.answer), failure, reachedSigning });
    if (isOnlyPress) return this.#endRequest(tx, consent, isDeclined(order) ? 'declined' : 'order-failed');
    const isOver = counted?.state === 'rejected' || (await endWithoutPresses(tx, consent.consentId, now));
    if (isOver) await this.#append(tx, consent, 'consent.rejected', { reason: 'attempts' });
  }

  /** No effect where the consent has ended already. */
  async #endRequest(tx: Tx, consent: Consent, reason: EndReason): Promise<void> {
    const isRejected = await reject(tx, consent.consentId, reason, this.clock.now());
    if (isRejected) await this.#append(tx, consent, 'consent.rejected', { reason });
  }

  async #end(
    tx: Tx,
    { order, context }: Pick<Settled<CompleteOrder | FailedOrder>, 'order' | 'context'>,
    end: AttemptEnd,
  ): Promise<void> {
    await endAttempt(tx, context.attemptId, end, this.clock.now());
    await this.orders.markSettled(tx, order.orderId, order.leaseId, end.outcome);
  }

  async #append(tx: Tx, consent: Consent, type: string, detail: JsonObject): Promise<void> {
    const subject = consentSubject(consent.bank, consent.consentId);
    await this.audit.appendEvent(tx, subject, { type, at: this.clock.now(), actor: 'service', detail });
  }
}

function authorisedEvent(orderId: string, { summary }: SealedEvidence, signedAt: Date, at: Date): string {
  const { evidenceId, evidenceDigest } = summary;
  const detail = {
    orderId,
    evidenceId,
    evidenceDigest: evidenceDigest.toString('base64url'),
    signedAt: formatInstant(signedAt),
  };
  return eventText({ type: 'consent.authorised', at, actor: 'service', detail });
}

function leaseLost({ orderId }: CompleteOrder): DomainError {
  return new DomainError('order.not-found', { log: `order ${orderId}: settled, or leased to another` });
}

function outcomeOf({ countsAsAttempt, failure }: FailedOrder['answer']): AttemptEnd['outcome'] {
  if (countsAsAttempt) return 'failed';
  return failure === 'withdrawn' ? 'withdrawn' : 'unreached';
}

/** In the app, or by saying that there is no such call. */
function isDeclined({ answer }: FailedOrder): boolean {
  return answer.failure === 'userCancel' || answer.failure === 'userDeclinedCall';
}

function verdictOf(report: Report): JsonObject {
  return { indication: report.indication, subIndication: report.subIndication };
}
