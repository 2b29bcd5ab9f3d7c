import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.ts';
import { addMs, MINUTE_MS, type Clock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import { newConsentId, newInteractionId, type ClientId, type ConsentId, type InteractionId } from '../kernel/ids.ts';
import type { JsonObject } from '../kernel/json.ts';
import { findPersonalNumber, type PersonalNumber } from '../kernel/personal-number.ts';
import { consentSubject } from '../kernel/subject.ts';
import { checkPermittedText } from '../payment/permitted-text.ts';
import { CLOCK } from '../platform/clock.ts';
import { Database, type Tx } from '../platform/database.ts';
import { Envelope } from '../platform/envelope.ts';
import type { Caller } from '../tpp/access.ts';
import { revokeTokensOfConsent } from '../tpp/access-tokens.ts';
import type { BrowserCookie } from './browser-cookie.ts';
import type { BoundInteraction, Consent, ConsentRequest, Grant, PushedConsent } from './consent.ts';
import { lifetimes } from './lifetimes.ts';
import { consentToJson } from './representation.ts';
import { cookieHash, payerHash } from './store/hashes.ts';
import { findConsentOf, findInBrowser, insertConsent } from './store/consent.repository.ts';
import { bindLiveToken, takeGrant } from './store/grant.repository.ts';
import { revoke } from './store/transition.repository.ts';
import { Expiry } from './sweep/expiry.ts';

export const LOGIN_HINT = 'login-hint';
export const PAYER = 'payer';

/** A consent is found by its TPP or by its bank. */
export interface Party {
  readonly clientId?: ClientId;
  readonly bank?: ClientId;
}

export type RevocationReason = 'tpp' | 'bank' | 'code-reused';

/** The consents of TPPs and banks: pushed, granted, read. */
@Injectable()
export class Consents {
  constructor(
    private readonly database: Database,
    private readonly envelope: Envelope,
    private readonly audit: AuditTrail,
    private readonly expiry: Expiry,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Creates a consent within the caller's transaction.
   * @throws DomainError `initiation.invalid` when the TPP's registered name could not be shown to a payer
   */
  async pushConsent(tx: Tx, request: ConsentRequest): Promise<PushedConsent> {
    const { client, bank, payer } = request;
    checkPermittedText(client.name, '');
    checkPermittedText(client.authorisationNumber, '');
    const createdAt = this.clock.now();
    const pushed = {
      consentId: newConsentId(),
      interactionId: newInteractionId(),
      createdAt,
      expiresAt: addMs(createdAt, client.consentLifetimeMinutes * MINUTE_MS),
    };
    const subject = consentSubject(bank.id, pushed.consentId);
    await insertConsent(tx, pushed, request, payer && (await this.#sealPayer(tx, subject, pushed.consentId, payer)));
    await this.audit.appendEvent(tx, subject, {
      type: 'consent.pushed',
      at: createdAt,
      actor: client.id,
      detail: { payer: payer ? 'bound' : 'unbound' },
    });
    return pushed;
  }

  /** The consent as its TPP or bank may read it; the reading is an event. @throws DomainError `consent.not-found` */
  async getRepresentation(consentId: ConsentId, caller: Caller): Promise<JsonObject> {
    const consent = await this.getConsent(consentId, caller);
    await this.audit.appendStandalone(consentSubject(consent.bank, consentId), {
      type: 'consent.read',
      at: this.clock.now(),
      actor: caller.clientId,
      detail: {},
    });
    return consentToJson(consent, caller.role === 'bank' ? 'bank' : 'tpp');
  }

  /** @throws DomainError `consent.not-found` also for another's consent, and for another than the token's */
  async getConsent(consentId: ConsentId, caller: Caller): Promise<Consent> {
    const isForeignToken = caller.consentId !== undefined && caller.consentId !== consentId;
    const consent = isForeignToken ? undefined : await findConsentOf(this.database, consentId, partyOf(caller));
    if (!consent) throw new DomainError('consent.not-found');
    return this.expiry.current(consent);
  }

  /** @throws DomainError `browser.not-bound` for any other browser, and for one without a cookie */
  async checkBrowser(interactionId: InteractionId, cookie: BrowserCookie | undefined): Promise<BoundInteraction> {
    const consent = cookie && (await findInBrowser(this.database, interactionId, cookieHash(cookie)));
    if (!consent) throw new DomainError('browser.not-bound');
    return { consent: await this.expiry.current(consent), cookie };
  }

  /**
   * What an authorised consent entitles to, in its bound browser. The first call begins the time to consume; undefined in
   * any other state, and when the time to return was up.
   */
  async findGrant(
    tx: Tx,
    { consent, cookie }: { readonly consent: Pick<Consent, 'interactionId'>; readonly cookie: BrowserCookie },
  ): Promise<Grant | undefined> {
    const now = this.clock.now();
    const times = { now, consumeBy: addMs(now, lifetimes.consumeMs) };
    return takeGrant(tx, consent.interactionId, cookieHash(cookie), times);
  }

  /**
   * Makes a token the one live token of its consent. `tokenExpiresAt` is `expiresAt`, or the end of the time to consume.
   * @throws DomainError `grant.invalid` when the consent is no longer authorised
   */
  async bindToken(
    tx: Tx,
    consentId: ConsentId,
    tokenHash: Buffer,
    expiresAt: Date,
  ): Promise<Grant & { readonly tokenExpiresAt: Date }> {
    const bound = await bindLiveToken(tx, consentId, tokenHash, { now: this.clock.now(), expiresAt });
    if (!bound) throw new DomainError('grant.invalid', { detail: 'The consent is no longer authorised.' });
    return bound;
  }

  /** The signer's personal number, for the bank alone. */
  async openPayer(grant: Grant & { readonly payerSealed: Buffer }): Promise<PersonalNumber> {
    const subject = consentSubject(grant.bank, grant.consentId);
    const opened = await this.envelope.open(this.database, subject, PAYER, grant.consentId, grant.payerSealed);
    const personalNumber = findPersonalNumber(opened.toString('utf8'));
    if (personalNumber === undefined) throw new TypeError('the stored payer is no personal number');
    return personalNumber;
  }

  /** Ends a consent that was not consumed, and its token. False when there is nothing to end, or it is not the party's. */
  async revokeIn(tx: Tx, consentId: ConsentId, party: Party, reason: RevocationReason): Promise<boolean> {
    const now = this.clock.now();
    const revoked = await revoke(tx, consentId, party, reason, now);
    if (!revoked) return false;
    await revokeTokensOfConsent(tx, consentId, now);
    await this.audit.appendEvent(tx, consentSubject(revoked.bank, consentId), {
      type: 'consent.revoked',
      at: now,
      actor: party.clientId ?? party.bank ?? 'service',
      detail: { reason },
    });
    return true;
  }

  /** A code was presented twice by its own client: it has leaked. @see RFC 6749 §4.1.2 */
  revokeForReusedCode(tx: Tx, consentId: ConsentId, clientId: ClientId): Promise<boolean> {
    return this.revokeIn(tx, consentId, { clientId }, 'code-reused');
  }

  async #sealPayer(
    tx: Tx,
    subject: string,
    consentId: ConsentId,
    payer: PersonalNumber,
  ): Promise<{ hash: Buffer; sealed: Buffer }> {
    const key = await this.envelope.createDataKey(tx, subject);
    return {
      hash: payerHash(this.envelope, payer),
      sealed: key.seal(LOGIN_HINT, consentId, Buffer.from(payer, 'utf8')),
    };
  }
}

/** The condition by which a caller finds a consent: a bank its own, a TPP its own, nobody else any. */
export function partyOf(caller: Caller): Party {
  if (caller.role === 'bank') return { bank: caller.clientId };
  return caller.role === 'tpp' ? { clientId: caller.clientId } : {};
}
