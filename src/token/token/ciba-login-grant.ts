import { Inject, Injectable } from '@nestjs/common';
import { eventText } from '../../audit/audit-trail.ts';
import { hashToken, newOpaqueToken } from '../../client-auth/access-tokens.ts';
import { tokenTypeOf } from '../../client-auth/token-binding.ts';
import { Database } from '../../database/database.ts';
import { addMs, SECOND_MS, type Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { ClientId } from '../../kernel/ids.ts';
import { loginSubject } from '../../kernel/subject.ts';
import { Authentications } from '../../login/authentications.ts';
import { REDEEM_MS, type AuthenticatedLogin } from '../../login/login.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Envelope, lookupKeyMissing } from '../../vault/envelope.ts';
import {
  redeemLoginRequest,
  type RedeemedLoginRequest,
} from '../backchannel/redemption/login-redemption.repository.ts';
import { isLoginRequest } from '../backchannel/store/sealed-login-request.ts';
import { ACCESS_TOKEN_SECONDS } from '../oauth/lifetimes.ts';
import { IdTokens } from './id-tokens.ts';
import type { GrantRequest, TokenResponse } from './token.service.ts';

/** Redeems the request of a login for its only token, with an id_token. @see OpenID CIBA Core §10.1.1 */
@Injectable()
export class CibaLoginGrant {
  constructor(
    private readonly authentications: Authentications,
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly idTokens: IdTokens,
    private readonly envelope: Envelope,
  ) {}

  /** @throws DomainError `grant.invalid`, `service.key-missing` */
  async issue({ client, binding }: GrantRequest, authReqIdHash: Buffer): Promise<TokenResponse> {
    const token = newOpaqueToken();
    const now = this.clock.now();
    const redeemed = await redeemLoginRequest(this.database, {
      authReqIdHash,
      clientId: client.id,
      lookupKeyIds: this.authentications.keyIds,
      tokenHash: hashToken(token),
      binding,
      tokenExpiresAt: addMs(now, ACCESS_TOKEN_SECONDS * SECOND_MS),
      authenticatedAfter: addMs(now, -REDEEM_MS),
      now,
      event: eventText({ type: 'token.issued', at: now, actor: client.id, detail: {} }),
    });
    if (redeemed === 'key') throw lookupKeyMissing();
    const login = redeemed && (await this.#findAskedFor(redeemed, client.id, authReqIdHash));
    // Another call was first, or the rows are not what was signed: then the token made for them is never issued.
    if (login?.clientId !== client.id)
      throw new DomainError('grant.invalid', { detail: 'The auth_req_id has been used.' });
    return {
      id_token: await this.idTokens.issueForLogin(login, client, now),
      access_token: token,
      token_type: tokenTypeOf(binding),
      expires_in: ACCESS_TOKEN_SECONDS,
      scope: login.scopes.join(' '),
    };
  }

  /** Undefined also where the row of the request leads to a login that was asked for by another one. */
  async #findAskedFor(
    { loginId, requestSealed }: RedeemedLoginRequest,
    clientId: ClientId,
    authReqIdHash: Buffer,
  ): Promise<AuthenticatedLogin | undefined> {
    const key = await this.envelope.findDataKey(this.database, loginSubject(clientId, loginId));
    if (!key || !isLoginRequest(key, { loginId, authReqIdHash }, requestSealed)) return undefined;
    return this.authentications.findAuthenticated(loginId);
  }
}
