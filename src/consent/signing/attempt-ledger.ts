import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.ts';
import { hasUnsettledSignature } from '../../bankid-sign/order-group.repository.ts';
import type { Device } from '../../bankid-sign/sign-order.ts';
import { addMs, SECOND_MS, type Clock } from '../../kernel/clock.ts';
import { DomainError, type ErrorCode } from '../../kernel/errors.ts';
import type { ClientId, ConsentId } from '../../kernel/ids.ts';
import { findPersonalNumber, type PersonalNumber } from '../../kernel/personal-number.ts';
import { consentSubject } from '../../kernel/subject.ts';
import type { TemplateId } from '../../payment/visible-text.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database, type Scope, type Tx } from '../../database/database.ts';
import { Envelope, type DataKey } from '../../vault/envelope.ts';
import { PURPOSE, type Consent } from '../consent.ts';
import { LOGIN_HINT } from '../consents.ts';
import { payerLimits, pressLimits, windowStart } from '../lifetimes.ts';
import {
  countPresses,
  endAttempt,
  findFilledLimits,
  insertAttempt,
  lockPayer,
  recordCancel,
} from './attempt.repository.ts';
import { findLoginHint, lockForSigning } from '../store/consent.repository.ts';
import { endWithoutPresses } from './attempt-limit.repository.ts';
import { nonceHash, payerHash, payerHashes } from '../store/hashes.ts';

/** What the payer pressed. */
export interface Pressed {
  readonly returnNonce: string;
  readonly device: Device;
  readonly template: TemplateId;
}

/** One press of the button, entered before BankID hears of it. */
export interface Attempt {
  readonly attemptId: string;
  readonly returnNonce: string;
  /** The person who alone may sign. */
  readonly payer: PersonalNumber | undefined;
}

/** What the limits still allow an interaction. */
export interface Allowance {
  readonly pressesLeft: number;
  /** When the person may try again, where a limit of theirs is reached. */
  readonly pausedUntil: Date | undefined;
}

/**
 * Who may still try: the limits of attempts, kept where two instances cannot both be the last within them.
 * @see RTS (EU) 2018/389 Art. 4(3)(b)
 */
@Injectable()
export class AttemptLedger {
  constructor(
    private readonly database: Database,
    private readonly envelope: Envelope,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * @throws DomainError `consent.not-awaiting-authorisation`, `consent.attempts-exhausted`; `consent.too-many-orders` with the
   *   time to wait; `order.already-open` while a signature waits for its verdict
   */
  async begin(consent: Consent, pressed: Pressed): Promise<Attempt> {
    const { consentId, clientId } = consent;
    const attemptId = randomUUID();
    const startedAt = this.clock.now();
    return this.database.inTransaction(async (tx) => {
      const locked = await lockForSigning(tx, consentId, startedAt);
      if (!locked) throw new DomainError('consent.not-awaiting-authorisation');
      if (await hasUnsettledSignature(tx, PURPOSE, consentId)) throw new DomainError('order.already-open');
      await this.#checkPresses(tx, consentId, startedAt);
      const key = await this.#dataKey(tx, consentSubject(consent.bank, consentId));
      const payer = locked === 'unbound' ? undefined : openPayer(key, consentId, locked.loginHint);
      if (payer !== undefined) await this.#checkPayer(tx, payer, clientId, startedAt);
      const hash = payer && payerHash(this.envelope, payer);
      const returnNonceHash = nonceHash(pressed.returnNonce);
      await insertAttempt(tx, { attemptId, consentId, clientId, payerHash: hash, returnNonceHash, startedAt });
      const { device, template } = pressed;
      await this.#append(tx, consent, 'order.requested', { attemptId, device, template });
      return { attemptId, returnNonce: pressed.returnNonce, payer };
    });
  }

  /** The order was never placed: no attempt is lost. Where an order was open already, BankID was not asked either. */
  async giveUp(consent: Consent, { attemptId }: Attempt, problem: ErrorCode | 'internal'): Promise<void> {
    const now = this.clock.now();
    const outcome = problem === 'order.already-open' ? 'not-asked' : 'not-placed';
    await this.database.inTransaction(async (tx) => {
      await endAttempt(tx, attemptId, { outcome, failure: problem }, now);
      await this.#append(tx, consent, 'order.not-placed', { attemptId, problem });
      await this.#endWithoutPresses(tx, consent, now);
    });
  }

  /** The payer takes back the order that is open: the next press waits a little. */
  async recordCancel({ consentId }: Consent): Promise<void> {
    await recordCancel(this.database, consentId, this.clock.now());
  }

  /** How many presses are left, and until when they pause. Where none is left, the consent ends, so that its page leads back to the TPP. */
  async findAllowance(consent: Consent): Promise<Allowance> {
    const { consentId, clientId, bank } = consent;
    const now = this.clock.now();
    const { presses } = await countPresses(this.database, consentId);
    if (presses >= pressLimits.presses) {
      await this.database.inTransaction((tx) => this.#endWithoutPresses(tx, consent, now));
      return { pressesLeft: 0, pausedUntil: undefined };
    }
    const hint = await findLoginHint(this.database, consentId);
    const key = hint && (await this.envelope.getDataKey(this.database, consentSubject(bank, consentId)));
    const payer = key && openPayer(key, consentId, hint);
    return {
      pressesLeft: pressLimits.presses - presses,
      pausedUntil: payer && (await this.#findPause(this.database, payer, clientId, now)),
    };
  }

  async #endWithoutPresses(tx: Tx, consent: Consent, now: Date): Promise<void> {
    if (!(await endWithoutPresses(tx, consent.consentId, now))) return;
    await this.#append(tx, consent, 'consent.rejected', { reason: 'attempts' });
  }

  async #append(tx: Tx, consent: Consent, type: string, detail: Readonly<Record<string, string>>): Promise<void> {
    const subject = consentSubject(consent.bank, consent.consentId);
    await this.audit.appendEvent(tx, subject, { type, at: this.clock.now(), actor: 'payer', detail });
  }

  /** The caller holds the lock on the consent's row: two presses of the button do not make two keys. */
  async #dataKey(tx: Tx, subject: string): Promise<DataKey> {
    return (await this.envelope.findDataKey(tx, subject)) ?? (await this.envelope.createDataKey(tx, subject));
  }

  /** The caller holds the lock on the consent's row: fifty simultaneous presses are counted one after the other. */
  async #checkPresses(tx: Tx, consentId: ConsentId, now: Date): Promise<void> {
    const { presses, cancelledAt } = await countPresses(tx, consentId);
    if (presses >= pressLimits.presses) throw new DomainError('consent.attempts-exhausted');
    if (cancelledAt !== undefined) checkWait(addMs(cancelledAt, pressLimits.afterCancelMs), now);
  }

  async #checkPayer(tx: Tx, payer: PersonalNumber, clientId: ClientId, now: Date): Promise<void> {
    await lockPayer(tx, payerHash(this.envelope, payer));
    const pausedUntil = await this.#findPause(tx, payer, clientId, now);
    if (pausedUntil !== undefined) checkWait(pausedUntil, now);
  }

  /** When the last of the limits that are reached allows another order. */
  async #findPause(scope: Scope, payer: PersonalNumber, clientId: ClientId, now: Date): Promise<Date | undefined> {
    const { failuresWithinMs, ordersWithinMs } = payerLimits;
    const filled = await findFilledLimits(scope, {
      payerHashes: payerHashes(this.envelope, payer),
      clientId,
      failuresSince: windowStart(now, failuresWithinMs),
      ordersSince: windowStart(now, ordersWithinMs),
    });
    const ends = [
      filled.certificateFailures && addMs(filled.certificateFailures, failuresWithinMs),
      filled.pairFailures && addMs(filled.pairFailures, failuresWithinMs),
      filled.pairOrders && addMs(filled.pairOrders, ordersWithinMs),
    ].filter((end) => end !== undefined);
    return ends.toSorted((a, b) => b.getTime() - a.getTime())[0];
  }
}

/** @throws DomainError `consent.too-many-orders` with the time to wait, when `until` is still to come */
function checkWait(until: Date, now: Date): void {
  const waitMs = until.getTime() - now.getTime();
  if (waitMs <= 0) return;
  throw new DomainError('consent.too-many-orders', { retryAfterSeconds: Math.ceil(waitMs / SECOND_MS) });
}

function openPayer(key: DataKey, consentId: string, sealed: Buffer): PersonalNumber {
  const payer = findPersonalNumber(key.open(LOGIN_HINT, consentId, sealed).toString('utf8'));
  if (payer === undefined)
    throw new TypeError(`the stored login hint of consent ${consentId} is not a personal number`);
  return payer;
}
