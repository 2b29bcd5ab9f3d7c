import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail, eventText } from '../audit/audit-trail.ts';
import { addMs, MINUTE_MS, type Clock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import { newConsentId, newInteractionId, type ClientId, type ConsentId, type InteractionId } from '../kernel/ids.ts';
import type { JsonObject } from '../kernel/json.ts';
import { consentSubject } from '../kernel/subject.ts';
import { channelToJson } from '../payment/channel.ts';
import { checkPermittedText } from '../payment/permitted-text.ts';
import { CLOCK } from '../operations/clock.ts';
import { Database, type Tx } from '../database/database.ts';
import { Envelope, type NewDataKey } from '../vault/envelope.ts';
import { personHash } from '../vault/person-hash.ts';
import type { Caller } from '../client-auth/access.ts';
import { revokeTokensOfConsent } from '../client-auth/access-tokens.ts';
import type { BrowserCookie } from '../attempts/browser-cookie.ts';
import type { BoundInteraction, Consent, ConsentRequest, NewConsent, WatchedInteraction } from './consent.ts';
import { lifetimes } from './lifetimes.ts';
import { consentToJson } from './api/representation.ts';
import { cookieHash } from './store/hashes.ts';
import { findConsentOf, findInBrowser, findWatched } from './store/consent.repository.ts';
import { newConsent } from './store/new-consent.ts';
import { revoke } from './revocation/revocation.repository.ts';
import { Expiry } from './expiry/expiry.ts';

export const LOGIN_HINT = 'login-hint';

/** A consent is found by its TPP or by its bank. */
export interface Party {
  readonly clientId?: ClientId;
  readonly bank?: ClientId;
}

/** A consent before it is stored. */
export interface PreparedPush {
  readonly consent: NewConsent;
  /** The subject of its events and of its data key. */
  readonly subject: string;
  /** Set if something was sealed; it must be stored with the consent. */
  readonly dataKey: NewDataKey | undefined;
  readonly event: string;
}

/** The return of a bound browser. */
export interface PreparedReturn {
  readonly interactionId: InteractionId;
  readonly cookieHash: Buffer;
  readonly now: Date;
  /** End of the time to consume, if it begins now. */
  readonly consumeBy: Date;
}

export { subjectOf } from './store/subject.repository.ts';

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
   * A consent as it will be pushed, with its event and, if needed, its data key.
   * @param maxLifetimeMs of the time to sign, where it is shorter than what the client is registered with
   * @throws DomainError `initiation.invalid` when a registered name could not be shown to a payer
   */
  preparePush(request: ConsentRequest, maxLifetimeMs = Infinity): PreparedPush {
    const { client, bank, channel, payer, pushedAt: createdAt } = request;
    for (const text of [bank.name, client.name, client.authorisationNumber]) checkPermittedText(text, '');
    const pushed = {
      consentId: newConsentId(),
      interactionId: newInteractionId(),
      createdAt,
      expiresAt: addMs(createdAt, Math.min(client.consentLifetimeMinutes * MINUTE_MS, maxLifetimeMs)),
    };
    const subject = consentSubject(bank.id, pushed.consentId);
    const dataKey = payer && this.envelope.newDataKey(subject);
    const event = {
      type: 'consent.pushed',
      at: createdAt,
      actor: client.id,
      detail: { payer: payer ? 'bound' : 'unbound', ...channelToJson(channel) },
    };
    const sealed = dataKey && {
      hash: personHash(this.envelope, payer),
      sealed: dataKey.key.seal(LOGIN_HINT, pushed.consentId, Buffer.from(payer, 'utf8')),
    };
    return { consent: newConsent(pushed, request, sealed), subject, dataKey, event: eventText(event) };
  }

  /** The consent as its TPP or bank may read it; reading it is recorded as an event. @throws DomainError `consent.not-found` */
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

  /**
   * @throws DomainError `consent.not-found` also for another party's consent, and for another consent than the token's; `consent.altered`,
   *   `service.key-missing`
   */
  async getConsent(consentId: ConsentId, caller: Caller): Promise<Consent> {
    const isForeignToken = caller.consentId !== undefined && caller.consentId !== consentId;
    const consent = isForeignToken ? undefined : await findConsentOf(this.database, consentId, partyOf(caller));
    if (!consent) throw new DomainError('consent.not-found');
    return this.expiry.current(consent);
  }

  /** @throws DomainError `browser.not-bound` for any other browser, and for one without a cookie */
  async checkBrowser(interactionId: InteractionId, cookie: BrowserCookie | undefined): Promise<BoundInteraction> {
    const bound = await this.findBound(interactionId, cookie);
    if (!bound) throw new DomainError('browser.not-bound');
    return bound;
  }

  /** The interaction, in the browser to which it is bound; undefined in any other. */
  async findBound(
    interactionId: InteractionId,
    cookie: BrowserCookie | undefined,
  ): Promise<BoundInteraction | undefined> {
    const consent = cookie && (await findInBrowser(this.database, interactionId, cookieHash(cookie)));
    return consent && { consent: await this.expiry.current(consent), cookie };
  }

  /** As {@link findBound}, for a page that shows how far the latest order has come. */
  async findWatched(
    interactionId: InteractionId,
    cookie: BrowserCookie | undefined,
  ): Promise<WatchedInteraction | undefined> {
    const found = cookie && (await findWatched(this.database, interactionId, cookieHash(cookie)));
    return found && { consent: await this.expiry.current(found.stored), progress: found.progress, cookie };
  }

  /** @throws DomainError `browser.not-bound` for any other browser, and for one without a cookie */
  async checkWatched(interactionId: InteractionId, cookie: BrowserCookie | undefined): Promise<WatchedInteraction> {
    const watched = await this.findWatched(interactionId, cookie);
    if (!watched) throw new DomainError('browser.not-bound');
    return watched;
  }

  /** @throws DomainError `browser.not-bound` when another browser was first; `browser.too-late` when none was, and the time to begin is over */
  async getBegun(interactionId: InteractionId, cookie: BrowserCookie): Promise<BoundInteraction> {
    const bound = await this.findBound(interactionId, cookie);
    if (bound) return bound;
    const isTooLate = (await this.findUnbegun(interactionId)) !== undefined;
    throw new DomainError(isTooLate ? 'browser.too-late' : 'browser.not-bound');
  }

  /**
   * The ended consent of an interaction that was not begun in time; undefined for one that was begun, or still can be. It
   * is bound to no browser, so any browser with the link may return to the TPP, with a refusal and nothing else.
   */
  findUnbegun(interactionId: InteractionId): Promise<Consent | undefined> {
    return this.expiry.endUnbegun(interactionId);
  }

  /** The return of the browser: the first one starts the time to consume. */
  prepareReturn(interactionId: InteractionId, cookie: BrowserCookie): PreparedReturn {
    const now = this.clock.now();
    return { interactionId, cookieHash: cookieHash(cookie), now, consumeBy: addMs(now, lifetimes.consumeMs) };
  }

  /** Ends a consent that was not consumed, and its token. False if it has ended already, or is not the party's. */
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

  /** Revokes a consent whose code its own client presented twice, because the code has leaked. @see RFC 6749 §4.1.2 */
  revokeForReusedCode(tx: Tx, consentId: ConsentId, clientId: ClientId): Promise<boolean> {
    return this.revokeIn(tx, consentId, { clientId }, 'code-reused');
  }
}

/** The condition by which a caller finds a consent: a bank its own, a TPP its own, any other caller none. */
export function partyOf(caller: Caller): Party {
  if (caller.role === 'bank') return { bank: caller.clientId };
  return caller.role === 'tpp' ? { clientId: caller.clientId } : {};
}
