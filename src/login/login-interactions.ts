import { Inject, Injectable } from '@nestjs/common';
import { windowStart } from '../attempts/attempt-limits.ts';
import { newBrowserCookie, type BrowserCookie } from '../attempts/browser-cookie.ts';
import { Database, type Tx } from '../database/database.ts';
import type { Clock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import type { InteractionId } from '../kernel/ids.ts';
import { CLOCK } from '../operations/clock.ts';
import { bindUnbound, findInBrowser, findUnbound, findWatched } from './browser/browser.repository.ts';
import { Expiry } from './expiry/expiry.ts';
import {
  FIRST_POST_MS,
  type BoundLogin,
  type KeyedLogin,
  type Login,
  type LoginRequest,
  type WatchedLogin,
} from './login.ts';
import { Endings } from './press/endings.ts';
import { Requests } from './press/requests.ts';
import { cookieHash } from './store/hashes.ts';

/** A login in a browser: one interaction, in one browser. */
@Injectable()
export class LoginInteractions {
  constructor(
    private readonly database: Database,
    private readonly requests: Requests,
    private readonly endings: Endings,
    private readonly expiry: Expiry,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Stores a login that waits for its browser, in the caller's transaction. @throws DomainError `oauth.unauthorized-client` */
  push(tx: Tx, request: LoginRequest): Promise<KeyedLogin> {
    return this.requests.push(tx, request);
  }

  /**
   * The login and the client that asks for it. Changes nothing, because link previews call it too.
   * @throws DomainError `browser.not-bound` if there is no such interaction, or it is bound to a browser
   */
  async getInteraction(interactionId: InteractionId): Promise<Login> {
    const login = await findUnbound(this.database, interactionId);
    if (!login) throw new DomainError('browser.not-bound');
    return login;
  }

  /** The login, in the browser to which it is bound; undefined in any other. */
  async findBound(interactionId: InteractionId, cookie: BrowserCookie | undefined): Promise<BoundLogin | undefined> {
    const found = cookie && (await findInBrowser(this.database, interactionId, cookieHash(cookie)));
    const login = found && (await this.expiry.current(found));
    return login && cookie && { login, cookie };
  }

  /** @throws DomainError `browser.not-bound` for any other browser, and for one without a cookie */
  async checkBrowser(interactionId: InteractionId, cookie: BrowserCookie | undefined): Promise<BoundLogin> {
    const bound = await this.findBound(interactionId, cookie);
    if (!bound) throw new DomainError('browser.not-bound');
    return bound;
  }

  /** As {@link findBound}, for a page that shows how far the latest order has come. */
  async findWatched(
    interactionId: InteractionId,
    cookie: BrowserCookie | undefined,
  ): Promise<WatchedLogin | undefined> {
    const found = cookie && (await findWatched(this.database, interactionId, cookieHash(cookie)));
    const login = found && (await this.expiry.current(found.login));
    return login && cookie && { login, progress: found.progress, cookie };
  }

  /** @throws DomainError `browser.not-bound` for any other browser, and for one without a cookie */
  async checkWatched(interactionId: InteractionId, cookie: BrowserCookie | undefined): Promise<WatchedLogin> {
    const watched = await this.findWatched(interactionId, cookie);
    if (!watched) throw new DomainError('browser.not-bound');
    return watched;
  }

  /**
   * The first POST binds the interaction to its browser. An existing cookie is kept, so that several interactions can be open in one
   * browser.
   * @throws DomainError `browser.not-bound` if another browser was first; `browser.too-late` if none was and the time to begin has ended
   */
  async bindBrowser(interactionId: InteractionId, cookie: BrowserCookie | undefined): Promise<BoundLogin> {
    const used = cookie ?? newBrowserCookie();
    const now = this.clock.now();
    const times = { now, requestedAfter: windowStart(now, FIRST_POST_MS) };
    await this.database.inTransaction(async (tx) => {
      const bound = await bindUnbound(tx, interactionId, cookieHash(used), times);
      if (bound) await this.endings.append(tx, bound, 'browser.bound', {}, 'payer');
    });
    return this.getBegun(interactionId, used);
  }

  /** @throws DomainError `browser.not-bound` when another browser was first; `browser.too-late` when none was, and the time to begin is over */
  async getBegun(interactionId: InteractionId, cookie: BrowserCookie): Promise<BoundLogin> {
    const bound = await this.findBound(interactionId, cookie);
    if (bound) return bound;
    const unbegun = await findUnbound(this.database, interactionId);
    throw new DomainError(unbegun ? 'browser.too-late' : 'browser.not-bound');
  }

  /** The person declines, which is final. @throws DomainError `login.not-awaiting` */
  async decline({ login }: BoundLogin): Promise<void> {
    const ending = { state: 'rejected', reason: 'declined', actor: 'payer' } as const;
    const isDeclined = await this.database.inTransaction((tx) => this.endings.end(tx, login, ending));
    if (!isDeclined) throw new DomainError('login.not-awaiting');
    await this.endings.withdraw(login.loginId);
  }
}
