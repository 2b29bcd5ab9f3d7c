import { Inject, Injectable } from '@nestjs/common';
import type { BrowserCookie } from '../../attempts/browser-cookie.ts';
import { eventText } from '../../audit/audit-trail.ts';
import { hashToken, newOpaqueToken } from '../../client-auth/access-tokens.ts';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import { Database } from '../../database/database.ts';
import { addMs, SECOND_MS, type Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { InteractionId, LoginId } from '../../kernel/ids.ts';
import {
  FIRST_POST_MS,
  neutralLoginReason,
  REDEEM_MS,
  type Login,
  type NeutralLoginReason,
} from '../../login/login.ts';
import { LoginInteractions } from '../../login/login-interactions.ts';
import { CLOCK } from '../../operations/clock.ts';
import { CODE_SECONDS } from '../oauth/lifetimes.ts';
import { AskedLogins } from '../openid/asked-logins.ts';
import type { ReturnAddress } from '../par/authorization-request.repository.ts';
import { useLoginRequest } from '../par/login-request.repository.ts';
import { isPushedLogin, type StoredLoginPush } from '../par/sealed-login-push.ts';
import { authorizationResponse, frontOf } from './authorization-response.ts';
import { replaceLoginCode } from './login-code.repository.ts';

/** The return of a login to its client: with a code, or with a refusal that reveals no more than a client may know. */
@Injectable()
export class LoginReturnService {
  constructor(
    private readonly interactions: LoginInteractions,
    private readonly database: Database,
    private readonly logins: AskedLogins,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * Where the browser goes next: to the client, or back to our page while the person has not answered. From an interaction that was
   * not begun in time, any browser may return, with the refusal of an expired request.
   * @throws DomainError `browser.not-bound` for any browser except the bound one; `login.not-found` if the row is not what was pushed
   */
  async leave(interactionId: InteractionId, cookie: BrowserCookie | undefined): Promise<string> {
    const bound = await this.interactions.findBound(interactionId, cookie);
    if (!bound) return this.#leaveUnbegun(await this.interactions.getInteraction(interactionId));
    const { login } = bound;
    switch (login.state) {
      case 'awaiting':
        return this.#pageOf(login);
      case 'authenticated':
        return (await this.#giveCode(login)) ?? this.#giveRefusal(login, 'expired');
      default:
        return this.#giveRefusal(login, login.reason ? neutralLoginReason(login.reason) : 'not-completed');
    }
  }

  /** No browser can begin it any more, so no browser that returns takes anything away. */
  #leaveUnbegun(login: Login): Promise<string> {
    const canBegin = login.state === 'awaiting' && addMs(login.createdAt, FIRST_POST_MS) > this.clock.now();
    if (canBegin) throw new DomainError('browser.not-bound');
    return this.#giveRefusal(login, 'expired');
  }

  /** Undefined where the time to fetch a token is over. */
  async #giveCode({ loginId }: Login): Promise<string | undefined> {
    const code = newOpaqueToken();
    const now = this.clock.now();
    const times = { now, authenticatedAfter: addMs(now, -REDEEM_MS) };
    const stored = await replaceLoginCode(this.database, loginId, times, {
      codeHash: hashToken(code),
      expiresAt: addMs(now, CODE_SECONDS * SECOND_MS),
      event: eventText({ type: 'code.issued', at: now, actor: 'payer', detail: {} }),
    });
    if (stored === 'redeemed') return frontOf(await this.#useRequest(loginId));
    return stored && authorizationResponse(await this.#checkPushed(stored), { code }, this.config.issuer);
  }

  async #giveRefusal({ loginId }: Login, reason: NeutralLoginReason): Promise<string> {
    const address = await this.#useRequest(loginId);
    return authorizationResponse(address, { error: 'access_denied', error_description: reason }, this.config.issuer);
  }

  async #useRequest(loginId: LoginId): Promise<ReturnAddress> {
    const stored = await useLoginRequest(this.database, loginId, this.clock.now());
    if (!stored) throw new TypeError('the authorization request of a login is missing');
    return this.#checkPushed(stored);
  }

  /** The address that was pushed: the browser is led to no other, even if the row says otherwise. @throws DomainError `login.not-found` */
  async #checkPushed({ pushed, sealed }: StoredLoginPush): Promise<ReturnAddress> {
    if (await this.logins.isAskedFor(pushed, (key) => isPushedLogin(key, pushed, sealed))) return pushed;
    throw new DomainError('login.not-found');
  }

  #pageOf({ interactionId }: Login): string {
    return `${this.config.issuer}/login/${interactionId}`;
  }
}
