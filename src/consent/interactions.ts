import { Inject, Injectable } from '@nestjs/common';
import { windowStart } from '../attempts/attempt-limits.ts';
import { nonceHash } from '../attempts/return-nonce.ts';
import { AuditTrail, eventText } from '../audit/audit-trail.ts';
import { SignOrders } from '../bankid-sign/sign-orders.ts';
import type { Clock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import type { ConsentId, InteractionId } from '../kernel/ids.ts';
import { consentSubject } from '../kernel/subject.ts';
import { CLOCK } from '../operations/clock.ts';
import { Database } from '../database/database.ts';
import { asPushed } from './store/as-pushed.ts';
import { newBrowserCookie, type BrowserCookie } from '../attempts/browser-cookie.ts';
import type { BoundInteraction, Consent } from './consent.ts';
import { lifetimes } from './lifetimes.ts';
import { Consents } from './consents.ts';
import { withdrawOrder } from '../attempts/withdraw-order.ts';
import { recordReturn } from './signing/attempt.repository.ts';
import { findUnbound, findInBrowser } from './store/consent.repository.ts';
import { cookieHash } from './store/hashes.ts';
import { bindUnbound } from './store/binding.repository.ts';
import { reject } from './store/reject.repository.ts';

/** The payer's side of a consent: one interaction, in one browser. */
@Injectable()
export class Interactions {
  constructor(
    private readonly database: Database,
    private readonly orders: SignOrders,
    private readonly consents: Consents,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The payment and the TPP that requests it. Changes nothing, because link previews call it too.
   * @throws DomainError `browser.not-bound` if there is no such interaction, or it is bound to a browser
   */
  async getInteraction(interactionId: InteractionId): Promise<Consent> {
    const consent = await findUnbound(this.database, interactionId);
    if (!consent) throw new DomainError('browser.not-bound');
    return asPushed(consent);
  }

  /**
   * The first POST binds the interaction to its browser. An existing cookie is kept, so that two
   * payments can be open in one browser.
   * @throws DomainError `browser.not-bound` if another browser was first; `browser.too-late` if none was and the time to
   *   begin has ended
   */
  async bindBrowser(
    interactionId: InteractionId,
    cookie: BrowserCookie | undefined,
  ): Promise<{ readonly cookie: BrowserCookie; readonly bound: BoundInteraction }> {
    const used = cookie ?? newBrowserCookie();
    const now = this.clock.now();
    const times = { now, pushedAfter: windowStart(now, lifetimes.firstPostMs) };
    await this.database.inTransaction(async (tx) => {
      if ((await bindUnbound(tx, interactionId, cookieHash(used), times)) === undefined) return;
      const consent = await findInBrowser(tx, interactionId, cookieHash(used));
      if (!consent) throw new TypeError('the interaction was bound, but its consent cannot be found by the cookie');
      await this.#append(tx, consent, 'browser.bound', now);
    });
    return { cookie: used, bound: await this.consents.getBegun(interactionId, used) };
  }

  /**
   * The payer declines, which is final.
   * @throws DomainError `consent.not-awaiting-authorisation` with the state
   */
  async decline({ consent }: BoundInteraction): Promise<void> {
    const now = this.clock.now();
    await this.database.inTransaction(async (tx) => {
      const isDeclined = await reject(tx, consent.consentId, 'declined', now);
      if (!isDeclined) throw new DomainError('consent.not-awaiting-authorisation');
      await this.#append(tx, consent, 'consent.rejected', now, { reason: 'declined' });
    });
    await withdrawOrder(this.orders, consent.consentId);
  }

  /**
   * The BankID app opened the returnUrl. The nonce counts only in the bound browser; without it, or with
   * another, nothing happens.
   * @throws DomainError `browser.not-bound` if it was opened in another browser
   */
  async recordReturn(
    interactionId: InteractionId,
    cookie: BrowserCookie | undefined,
    nonce: string | undefined,
  ): Promise<void> {
    const consentId = cookie && nonce && (await this.#recordNonce(interactionId, cookie, nonce));
    if (consentId) await this.orders.resumeSettlement(consentId);
    else await this.consents.checkBrowser(interactionId, cookie);
  }

  #recordNonce(interactionId: InteractionId, cookie: BrowserCookie, nonce: string): Promise<ConsentId | undefined> {
    const at = this.clock.now();
    return recordReturn(this.database, {
      interactionId,
      cookieHash: cookieHash(cookie),
      nonceHash: nonceHash(nonce),
      at,
      event: eventText({ type: 'browser.returned', at, actor: 'payer', detail: {} }),
    });
  }

  async #append(
    tx: Parameters<AuditTrail['appendEvent']>[0],
    consent: Pick<Consent, 'bank' | 'consentId'>,
    type: string,
    at: Date,
    detail: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const subject = consentSubject(consent.bank, consent.consentId);
    await this.audit.appendEvent(tx, subject, { type, at, actor: 'payer', detail });
  }
}
