import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { pressLimits, windowStart } from '../../attempts/attempt-limits.ts';
import { latestOf, pauseOf, personCount } from '../../attempts/person-limits.ts';
import { personHash } from '../../vault/person-hash.ts';
import { lockPerson } from '../../attempts/person-limits.repository.ts';
import { nonceHash } from '../../attempts/return-nonce.ts';
import { eventText } from '../../audit/audit-trail.ts';
import type { Device } from '../../bankid-sign/sign-order.ts';
import { addMs, SECOND_MS, type Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { PersonalNumber } from '../../kernel/personal-number.ts';
import { consentSubject } from '../../kernel/subject.ts';
import type { TemplateId } from '../../payment/visible-text.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database, type Tx } from '../../database/database.ts';
import { Envelope, type DataKey } from '../../vault/envelope.ts';
import { ConsentBanks } from '../altered/consent-banks.ts';
import type { Browser, Consent } from '../consent.ts';
import { Consents } from '../consents.ts';
import { lifetimes } from '../lifetimes.ts';
import { asPushed } from '../store/as-pushed.ts';
import { cookieHash } from '../store/hashes.ts';
import { openPayer } from './open-payer.ts';
import type { OrderedAttempt } from './order-of.ts';
import { insertPress, lockForPress, type Counted, type Locked } from './press.repository.ts';

/** What the payer pressed. */
export interface Pressed {
  readonly returnNonce: string;
  readonly device: Device;
  readonly template: TemplateId;
}

/** One press of the button, entered before BankID hears of it. */
export interface Attempt extends OrderedAttempt {
  readonly startedAt: Date;
  readonly consent: Consent;
  /** Of the consent. */
  readonly key: DataKey;
}

/** A press of a browser that the interaction is bound to: entered with what was stored of it, or refused by a limit. */
export type Entered<Stored> =
  { readonly attempt: Attempt; readonly stored: Stored } | { readonly refused: DomainError };

/** A consent whose press is not entered. It is reported after the transaction, because the report needs a connection of its own. */
interface Altered {
  readonly altered: Consent;
}

/**
 * Presses of the button: the limits of attempts, kept where two instances cannot both be the last within them.
 * @see RTS (EU) 2018/389 Art. 4(3)(b)
 */
@Injectable()
export class Presses {
  constructor(
    private readonly database: Database,
    private readonly envelope: Envelope,
    private readonly consents: Consents,
    private readonly banks: ConsentBanks,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Enters a press and, in the same transaction, what `store` makes of it. The first press binds the browser, also where a limit
   * refuses it: with `consent.attempts-exhausted`, or `consent.too-many-orders` and the time to wait.
   * @throws DomainError `browser.not-bound`, `browser.too-late`, `consent.not-awaiting-authorisation`, `consent.altered`; and what
   *   `store` throws, which undoes all
   */
  async enter<Stored>(
    browser: Browser,
    pressed: Pressed,
    store: (tx: Tx, attempt: Attempt) => Promise<Stored>,
  ): Promise<Entered<Stored>> {
    const entered = await this.database.inTransaction(async (tx) => {
      const attempt = await this.#enter(tx, browser, pressed);
      if (attempt instanceof DomainError) return { refused: attempt };
      if (attempt && 'altered' in attempt) return attempt;
      return attempt && { attempt, stored: await store(tx, attempt) };
    });
    if (entered && 'altered' in entered) return this.banks.refuse(entered.altered);
    if (entered) return entered;
    await this.consents.getBegun(browser.interactionId, browser.cookie);
    throw new DomainError('consent.not-awaiting-authorisation');
  }

  /** @throws DomainError `consent.altered` where the bank has not attested what the row says */
  async checkAttested(consent: Consent): Promise<void> {
    await this.banks.checkAttested(consent);
  }

  /** Undefined where the consent is not the browser's to sign. */
  async #enter(
    tx: Tx,
    { interactionId, cookie }: Browser,
    pressed: Pressed,
  ): Promise<Attempt | Altered | DomainError | undefined> {
    const startedAt = this.clock.now();
    const hash = cookieHash(cookie);
    const times = { now: startedAt, pushedAfter: windowStart(startedAt, lifetimes.firstPostMs) };
    const locked = await lockForPress(tx, { interactionId, cookieHash: hash }, times);
    if (!locked || locked.consent.signed || locked.consent.authorisedAt) return undefined;
    const consent = asPushed(locked.consent);
    if (!this.banks.isAttested(consent)) return { altered: consent };
    const payer = this.#payerOf(locked);
    // Other consents name the same person: their presses wait here for each other.
    if (payer !== undefined) await lockPerson(tx, personHash(this.envelope, payer));
    return this.#insert(tx, { ...pressed, startedAt, consent, payer, cookieHash: hash }, locked);
  }

  async #insert(
    tx: Tx,
    press: Pressed & Pick<Attempt, 'startedAt' | 'consent' | 'payer'> & { readonly cookieHash: Buffer },
    { dataKey }: Locked,
  ): Promise<Attempt | DomainError> {
    const { consent, payer, startedAt, returnNonce, device, template } = press;
    const { consentId, clientId, bank } = consent;
    const attemptId = randomUUID();
    const subject = consentSubject(bank, consentId);
    const newKey = dataKey ? undefined : this.envelope.newDataKey(subject);
    const entered = await insertPress(tx, {
      ...personCount(this.envelope, payer, clientId, startedAt),
      consentId,
      cookieHash: press.cookieHash,
      attemptId,
      payerHash: payer && personHash(this.envelope, payer),
      returnNonceHash: nonceHash(returnNonce),
      startedAt,
      subject,
      newKey: newKey?.stored,
      bound: eventText({ type: 'browser.bound', at: startedAt, actor: 'payer', detail: {} }),
      requested: eventText({
        type: 'order.requested',
        at: startedAt,
        actor: 'payer',
        detail: { attemptId, device, template },
      }),
      maxPresses: pressLimits.presses,
      cancelledBefore: windowStart(startedAt, pressLimits.afterCancelMs),
    });
    if (!entered.isEntered) return refusalOf(entered.counted, startedAt);
    const stored = entered.dataKey ?? dataKey;
    const key = stored ? this.envelope.unwrap(stored) : newKey?.key;
    if (!key) throw new TypeError(`the press of consent ${consentId} left it without a data key`);
    return { attemptId, startedAt, consent, payer, key, policy: this.banks.findBank(bank)?.policy };
  }

  #payerOf({ consent, loginHint, dataKey }: Locked): PersonalNumber | undefined {
    if (!loginHint) return undefined;
    const { consentId, bank } = consent;
    return openPayer(this.envelope.unwrapFound(consentSubject(bank, consentId), dataKey), consentId, loginHint);
  }
}

/** Why a press was counted and not entered. */
function refusalOf({ presses, cancelledAt, ...filled }: Counted, now: Date): DomainError {
  if (presses >= pressLimits.presses) return new DomainError('consent.attempts-exhausted');
  const until = latestOf([cancelledAt && addMs(cancelledAt, pressLimits.afterCancelMs), pauseOf(filled)]);
  if (!until) throw new TypeError('a press was refused, and no limit is reached');
  return new DomainError('consent.too-many-orders', {
    retryAfterSeconds: Math.max(1, Math.ceil((until.getTime() - now.getTime()) / SECOND_MS)),
  });
}
