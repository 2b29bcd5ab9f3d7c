import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.ts';
import type { Device } from '../../bankid-sign/sign-order.ts';
import type { Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { findPersonalNumber, type PersonalNumber } from '../../kernel/personal-number.ts';
import { consentSubject } from '../../kernel/subject.ts';
import type { TemplateId } from '../../payment/visible-text.ts';
import { CLOCK } from '../../platform/clock.ts';
import { Database, type Tx } from '../../platform/database.ts';
import { Envelope, type DataKey } from '../../platform/envelope.ts';
import type { Consent } from '../consent.ts';
import { LOGIN_HINT } from '../consents.ts';
import { payerLimits, windowStart } from '../lifetimes.ts';
import { countPayerOrders, endAttempt, insertAttempt, lockPayer } from '../store/attempt.repository.ts';
import { lockForSigning } from '../store/consent.repository.ts';
import { hasUnsettledSignature } from '../store/transition.repository.ts';
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
   * @throws DomainError `consent.not-awaiting-authorisation`, `consent.too-many-orders`; `order.already-open` while a
   *   signature waits for its verdict
   */
  async begin(consent: Consent, pressed: Pressed): Promise<Attempt> {
    const { consentId, clientId } = consent;
    const attemptId = randomUUID();
    const startedAt = this.clock.now();
    return this.database.inTransaction(async (tx) => {
      const locked = await lockForSigning(tx, consentId, startedAt);
      if (!locked) throw new DomainError('consent.not-awaiting-authorisation');
      if (await hasUnsettledSignature(tx, consentId)) throw new DomainError('order.already-open');
      const key = await this.#dataKey(tx, consentSubject(consent.bank, consentId));
      const payer = locked === 'unbound' ? undefined : openPayer(key, consentId, locked.loginHint);
      if (payer !== undefined) await this.#checkLimits(tx, payer, clientId, startedAt);
      const hash = payer && payerHash(this.envelope, payer);
      const returnNonceHash = nonceHash(pressed.returnNonce);
      await insertAttempt(tx, { attemptId, consentId, clientId, payerHash: hash, returnNonceHash, startedAt });
      const { device, template } = pressed;
      await this.#append(tx, consent, 'order.requested', { attemptId, device, template });
      return { attemptId, returnNonce: pressed.returnNonce, payer };
    });
  }

  /** The order was never placed: the payer has lost nothing. */
  async giveUp(consent: Consent, { attemptId }: Attempt, problem: string): Promise<void> {
    await this.database.inTransaction(async (tx) => {
      await endAttempt(tx, attemptId, 'not-placed', this.clock.now());
      await this.#append(tx, consent, 'order.not-placed', { attemptId, problem });
    });
  }

  async #append(tx: Tx, consent: Consent, type: string, detail: Readonly<Record<string, string>>): Promise<void> {
    const subject = consentSubject(consent.bank, consent.consentId);
    await this.audit.appendEvent(tx, subject, { type, at: this.clock.now(), actor: 'payer', detail });
  }

  /** The lock on the consent's row stands around this: two presses of the button do not make two keys. */
  async #dataKey(tx: Tx, subject: string): Promise<DataKey> {
    return (await this.envelope.findDataKey(tx, subject)) ?? (await this.envelope.createDataKey(tx, subject));
  }

  async #checkLimits(tx: Tx, payer: PersonalNumber, clientId: Consent['clientId'], now: Date): Promise<void> {
    await lockPayer(tx, payerHash(this.envelope, payer));
    const counted = await countPayerOrders(tx, payerHashes(this.envelope, payer), clientId, {
      failures: windowStart(now, payerLimits.failuresWithinMs),
      orders: windowStart(now, payerLimits.ordersWithinMs),
    });
    const isWithin =
      counted.consecutiveFailures < payerLimits.consecutiveFailures &&
      counted.ordersOfClient < payerLimits.ordersOfClient;
    if (!isWithin) throw new DomainError('consent.too-many-orders');
  }
}

function openPayer(key: DataKey, consentId: string, sealed: Buffer): PersonalNumber {
  const payer = findPersonalNumber(key.open(LOGIN_HINT, consentId, sealed).toString('utf8'));
  if (payer === undefined) throw new TypeError('the stored login hint is no personal number');
  return payer;
}
