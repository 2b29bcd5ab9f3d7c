import { Inject, Injectable } from '@nestjs/common';
import type { DpopProof } from '../../client-auth/dpop.ts';
import type { Client } from '../../clients/clients.ts';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import { Database, type Tx } from '../../database/database.ts';
import { violatesUniqueIndex } from '../../database/database-errors.ts';
import { addMs, MINUTE_MS, SECOND_MS, type Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { LoginInteractions } from '../../login/login-interactions.ts';
import type { LoginRequest } from '../../login/login.ts';
import { CLOCK } from '../../operations/clock.ts';
import { BROWSER } from '../../payment/channel.ts';
import { checkLogin } from '../openid/login-request.ts';
import { checkAuthentication } from './checks/check-authentication.ts';
import { checkCodeRequest } from './checks/check-code-request.ts';
import { checkLoginHint } from './checks/check-login-hint.ts';
import { checkNonce } from './checks/check-nonce.ts';
import type { PushedParameters } from './checks/check-request-object.ts';
import { insertLoginRequest, ONE_LOGIN_JTI, type LoginRequestRow } from './login-request.repository.ts';
import { REQUEST_URI_SECONDS, type PushedResponse } from './pushed-requests.ts';
import { hashRequestUri, newRequestUri } from './request-uri.ts';
import { sealPushedLogin } from './sealed-login-push.ts';

/** Pushed requests for a login in the browser: each creates one login. An `Idempotency-Key` is not needed: nothing is done twice. */
@Injectable()
export class LoginPushes {
  constructor(
    private readonly logins: LoginInteractions,
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * @throws DomainError as the checks do; `oauth.invalid-request-object` for a signed request that was pushed before
   * @see OpenID Connect Core §3.1.2.1
   */
  async push(
    { form, requestObject }: PushedParameters,
    client: Client,
    proof: DpopProof | undefined,
  ): Promise<PushedResponse> {
    const code = checkCodeRequest(form, client, this.config.environment, proof);
    checkAuthentication(form);
    const nonce = checkNonce(form);
    const requested = checkLogin(form, client, BROWSER, this.config.loginAcr, checkLoginHint(form));
    const requestedAt = this.clock.now();
    const expiresAt = addMs(requestedAt, client.consentLifetimeMinutes * MINUTE_MS);
    const requestUri = newRequestUri();
    await this.#store(
      { client, channel: BROWSER, ...requested, nonce, bindingMessage: undefined, requestedAt, expiresAt },
      {
        ...code,
        clientId: client.id,
        requestUriHash: hashRequestUri(requestUri),
        requestObjectJtiHash: requestObject?.jtiHash,
        pushedAt: requestedAt,
        expiresAt: addMs(requestedAt, REQUEST_URI_SECONDS * SECOND_MS),
      },
    );
    return { request_uri: requestUri, expires_in: REQUEST_URI_SECONDS };
  }

  async #store(asked: LoginRequest, request: Omit<LoginRequestRow, 'loginId' | 'requestSealed'>): Promise<void> {
    try {
      await this.database.inTransaction(async (tx: Tx) => {
        const { login, key } = await this.logins.push(tx, asked);
        const pushed = { ...request, loginId: login.loginId };
        await insertLoginRequest(tx, { ...pushed, requestSealed: sealPushedLogin(key, pushed) });
      });
    } catch (error) {
      if (!violatesUniqueIndex(error, ONE_LOGIN_JTI)) throw error;
      const detail = 'jti has been used before';
      throw new DomainError('oauth.invalid-request-object', { pointer: '/request', detail });
    }
  }
}
