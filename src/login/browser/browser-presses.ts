import { Inject, Injectable } from '@nestjs/common';
import { windowStart } from '../../attempts/attempt-limits.ts';
import type { BrowserCookie } from '../../attempts/browser-cookie.ts';
import { newReturnNonce } from '../../attempts/return-nonce.ts';
import { Database, type Tx } from '../../database/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { InteractionId } from '../../kernel/ids.ts';
import { loginSubject } from '../../kernel/subject.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Envelope } from '../../vault/envelope.ts';
import { FIRST_POST_MS } from '../login.ts';
import type { LoginPress, LoginPressRequest } from '../login-press.ts';
import { LoginOrders } from '../press/login-orders.ts';
import { Presses } from '../press/presses.ts';
import { cookieHash } from '../store/hashes.ts';
import { openPerson } from '../store/login-hint.ts';
import { lockForPress, type Locked } from './browser.repository.ts';

/** Presses of the button on our page, each with its order. */
@Injectable()
export class BrowserPresses {
  constructor(
    private readonly database: Database,
    private readonly envelope: Envelope,
    private readonly presses: Presses,
    private readonly loginOrders: LoginOrders,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Undefined where the login is not the browser's to press for. @throws DomainError `order.already-open`, which undoes all */
  async enter(
    { interactionId, cookie }: { readonly interactionId: InteractionId; readonly cookie: BrowserCookie },
    request: LoginPressRequest,
  ): Promise<LoginPress | undefined> {
    const now = this.clock.now();
    const times = { now, requestedAfter: windowStart(now, FIRST_POST_MS) };
    return this.database.inTransaction(async (tx) => {
      const locked = await lockForPress(tx, interactionId, cookieHash(cookie), times);
      return locked && this.#enter(tx, locked, { ...request, cookieHash: cookieHash(cookie) });
    });
  }

  async #enter(
    tx: Tx,
    { login, loginHintSealed, dataKey }: Locked,
    { returnUrl, language, cookieHash: hash, ...browser }: LoginPressRequest & { readonly cookieHash: Buffer },
  ): Promise<LoginPress> {
    const { loginId, clientId } = login;
    const key = this.envelope.unwrapFound(loginSubject(clientId, loginId), dataKey);
    const person = loginHintSealed && openPerson(key, loginId, loginHintSealed);
    const returnNonce = newReturnNonce();
    const attempt = await this.presses.enter(tx, { login, person, returnNonce, cookieHash: hash });
    if (attempt instanceof DomainError) return { refused: attempt };
    const start = { way: 'browser', ...browser, returnUrl: returnUrl(returnNonce) } as const;
    const relyingParty = this.loginOrders.getRelyingParty(clientId);
    const facts = { ...attempt, person, start, language, relyingParty };
    const stored = await this.loginOrders.insert(tx, key, login, facts);
    return { login, attemptId: attempt.attemptId, ...stored };
  }
}
