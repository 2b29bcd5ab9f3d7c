import { Inject, Injectable } from '@nestjs/common';
import { eventText } from '../../audit/audit-trail.ts';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import type { BrowserCookie } from '../../attempts/browser-cookie.ts';
import { neutralReason, type Consent, type NeutralReason } from '../../consent/consent.ts';
import { Consents } from '../../consent/consents.ts';
import { addMs, SECOND_MS, type Clock } from '../../kernel/clock.ts';
import type { InteractionId } from '../../kernel/ids.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database } from '../../database/database.ts';
import { hashToken, newOpaqueToken } from '../../client-auth/access-tokens.ts';
import { CODE_SECONDS } from '../oauth/lifetimes.ts';
import { useRequest, type ReturnAddress } from '../par/authorization-request.repository.ts';
import { authorizationResponse, frontOf } from './authorization-response.ts';
import { replaceCode } from './code.repository.ts';

/** The return to the TPP: with a code, or with a refusal that reveals no more than a TPP may know. */
@Injectable()
export class ReturnService {
  readonly #issuer: string;

  constructor(
    private readonly consents: Consents,
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) config: AppConfig,
  ) {
    this.#issuer = config.issuer;
  }

  /**
   * Where the browser goes next: to the TPP, or back to our page while the payer has not answered. From an interaction that was
   * not begun in time, any browser may return to the TPP, with the refusal of an expired request.
   * @throws DomainError `browser.not-bound` for any browser except the bound one
   */
  async leave(interactionId: InteractionId, cookie: BrowserCookie | undefined): Promise<string> {
    const withCode = cookie && (await this.#giveCode(interactionId, cookie));
    if (withCode !== undefined) return withCode;
    const unbegun = await this.consents.findUnbegun(interactionId);
    const { consent } = unbegun ? { consent: unbegun } : await this.consents.checkBrowser(interactionId, cookie);
    switch (consent.state) {
      case 'awaiting-authorisation':
      case 'authorised':
        // Authorised since we looked for a grant: the page shows it, and leads here again.
        return `${this.#issuer}/pay/${interactionId}`;
      case 'consumed':
        return this.#leadOn(interactionId);
      default:
        return this.#giveRefusal(consent, consent.reason ? neutralReason(consent.reason) : 'not-completed');
    }
  }

  /** Transaction C: the time to consume begins, the request_uri has been used, and the code is new; an earlier one is no longer valid. */
  async #giveCode(interactionId: InteractionId, cookie: BrowserCookie): Promise<string | undefined> {
    const code = newOpaqueToken();
    const back = this.consents.prepareReturn(interactionId, cookie);
    const address = await replaceCode(this.database, back, {
      codeHash: hashToken(code),
      expiresAt: addMs(back.now, CODE_SECONDS * SECOND_MS),
      event: eventText({ type: 'code.issued', at: back.now, actor: 'payer', detail: {} }),
    });
    if (address === 'redeemed') return this.#leadOn(interactionId);
    return address && authorizationResponse(address, { code }, this.#issuer);
  }

  /** The TPP has its answer already. */
  async #leadOn(interactionId: InteractionId): Promise<string> {
    return frontOf(await this.#useRequest(interactionId));
  }

  async #giveRefusal({ interactionId }: Consent, reason: NeutralReason): Promise<string> {
    const address = await this.#useRequest(interactionId);
    return authorizationResponse(address, { error: 'access_denied', error_description: reason }, this.#issuer);
  }

  async #useRequest(interactionId: InteractionId): Promise<ReturnAddress> {
    const address = await useRequest(this.database, interactionId, this.clock.now());
    if (!address) throw new TypeError('the authorization request of a bound interaction is missing');
    return address;
  }
}
