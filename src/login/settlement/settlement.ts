import { Inject, Injectable } from '@nestjs/common';
import type { CompleteOrder, FailedOrder } from '../../attempts/answered-order.ts';
import { SignOrders } from '../../bankid-sign/sign-orders.ts';
import type { Tx } from '../../database/database.ts';
import type { IdentificationRecord } from '../../evidence/identification.ts';
import { IdentificationStore } from '../../evidence/identification-store.ts';
import { formatInstant, type Clock } from '../../kernel/clock.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { CLOCK } from '../../operations/clock.ts';
import type { Report } from '../../verification/report.ts';
import type { VerifiedIdentification } from '../../verification/verified-identification.ts';
import { Authentications } from '../authentications.ts';
import type { LoginEndReason } from '../login.ts';
import { endAttempt, type AttemptEnd } from '../press/attempt.repository.ts';
import { countFailedAttempt, endWithoutPresses } from '../press/attempt-limit.repository.ts';
import { Endings } from '../press/endings.ts';
import { authenticate, insertAuthentication } from './authenticate.repository.ts';
import type { Settled } from './order-context.ts';

export type SettledComplete = Settled<CompleteOrder> & { readonly record: IdentificationRecord };

/** The effects of an answered order, each in one transaction that also marks the order settled, or finds it no longer leased. */
@Injectable()
export class Settlement {
  constructor(
    private readonly orders: SignOrders,
    private readonly evidence: IdentificationStore,
    private readonly authentications: Authentications,
    private readonly endings: Endings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The person has logged in, if the login still waits and the answer came in time; otherwise the signature is surplus.
   * @throws DomainError `order.not-found` when another instance holds the lease: the transaction must not commit
   */
  async authenticate(tx: Tx, settled: SettledComplete, verified: VerifiedIdentification): Promise<void> {
    const { order, login, record } = settled;
    const isInTime = await authenticate(tx, login.loginId, order.receivedAt, this.clock.now());
    if (!isInTime) return this.keepSurplus(tx, settled, verified.report);
    const evidence = await this.evidence.appendAccepted(tx, order.key, verified, record);
    await insertAuthentication(tx, this.authentications.sign(order.key, login, verified, evidence));
    await this.endings.append(tx, login, 'login.authenticated', {
      orderId: order.orderId,
      evidenceId: evidence.evidenceId,
      evidenceDigest: evidence.evidenceDigest.toString('base64url'),
      signedAt: formatInstant(verified.signedAt),
    });
    await this.#end(tx, settled, { outcome: 'authenticated' });
  }

  /** A completed order that authenticates nobody ends the login; verdict and signature are stored. */
  async refuse(tx: Tx, settled: SettledComplete, reason: LoginEndReason, report: Report): Promise<void> {
    const { order, login, record } = settled;
    const detail = { orderId: order.orderId, ...verdictOf(report) };
    const isRejected = await this.endings.end(tx, login, { state: 'rejected', reason, actor: 'service', detail });
    if (!isRejected) return this.keepSurplus(tx, settled, report);
    await this.evidence.appendUnaccepted(tx, order.key, 'refused', { report, record });
    await this.#end(tx, settled, { outcome: 'refused' });
  }

  /** Stores a signature that the login no longer waits for, and that authenticates nobody. */
  async keepSurplus(tx: Tx, settled: SettledComplete, report: Report): Promise<void> {
    const { order, login, record } = settled;
    const { evidenceId } = await this.evidence.appendUnaccepted(tx, order.key, 'surplus', { report, record });
    await this.endings.append(tx, login, 'evidence.surplus', {
      orderId: order.orderId,
      evidenceId,
      ...verdictOf(report),
    });
    await this.#end(tx, settled, { outcome: 'surplus' });
  }

  /**
   * An order that ended without a signature. In a browser it counts as an attempt if a person tried, and the fifth ends the login, and so
   * does the last press; elsewhere one request is one press, and the login has ended.
   */
  async endFailed(tx: Tx, settled: Settled<FailedOrder>): Promise<void> {
    const { order, login } = settled;
    const { failure, reachedSigning, countsAsAttempt } = order.answer;
    const detail = { orderId: order.orderId, failure, reachedSigning, countsAsAttempt };
    await this.endings.append(tx, login, 'order.failed', detail);
    await this.#end(tx, settled, { outcome: outcomeOf(order.answer), failure, reachedSigning });
    if (login.channel.way === 'browser') return this.#countFailure(tx, settled);
    const reason = declines.has(failure) ? 'declined' : 'order-failed';
    await this.endings.end(tx, login, { state: 'rejected', reason, actor: 'service' });
  }

  async #countFailure(tx: Tx, { order, login }: Settled<FailedOrder>): Promise<void> {
    const now = this.clock.now();
    const counted = order.answer.countsAsAttempt ? await countFailedAttempt(tx, login.loginId, now) : undefined;
    const isOver = counted?.state === 'rejected' || (await endWithoutPresses(tx, login.loginId, now));
    if (isOver) await this.endings.append(tx, login, 'login.rejected', { reason: 'attempts' });
  }

  async #end(
    tx: Tx,
    { order, context }: Pick<Settled<CompleteOrder | FailedOrder>, 'order' | 'context'>,
    end: AttemptEnd,
  ): Promise<void> {
    await endAttempt(tx, context.attemptId, end, this.clock.now());
    await this.orders.markSettled(tx, order.orderId, order.leaseId, end.outcome);
  }
}

/** The person said no in the app. */
const declines: ReadonlySet<string> = new Set(['userCancel', 'userDeclinedCall']);

function outcomeOf({ countsAsAttempt, failure }: FailedOrder['answer']): AttemptEnd['outcome'] {
  if (countsAsAttempt) return 'failed';
  return failure === 'withdrawn' ? 'withdrawn' : 'unreached';
}

function verdictOf(report: Report): JsonObject {
  return { indication: report.indication, subIndication: report.subIndication };
}
