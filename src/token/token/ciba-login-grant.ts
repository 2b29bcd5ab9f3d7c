import { Inject, Injectable } from '@nestjs/common';
import { eventText } from '../../audit/audit-trail.ts';
import { hashToken, newOpaqueToken } from '../../client-auth/access-tokens.ts';
import { tokenTypeOf } from '../../client-auth/token-binding.ts';
import { Database } from '../../database/database.ts';
import { addMs, SECOND_MS, type Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { REDEEM_MS } from '../../login/login.ts';
import { CLOCK } from '../../operations/clock.ts';
import { lookupKeyMissing } from '../../vault/envelope.ts';
import { redeemLoginRequest } from '../backchannel/redemption/login-redemption.repository.ts';
import { isLoginRequest } from '../backchannel/store/sealed-login-request.ts';
import { ACCESS_TOKEN_SECONDS } from '../oauth/lifetimes.ts';
import { AskedLogins } from '../openid/asked-logins.ts';
import { IdTokens } from './id-tokens.ts';
import type { GrantRequest, TokenResponse } from './token.service.ts';

/** Redeems the request of a login for its only token, with an id_token. @see OpenID CIBA Core §10.1.1 */
@Injectable()
export class CibaLoginGrant {
  constructor(
    private readonly logins: AskedLogins,
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly idTokens: IdTokens,
  ) {}

  /** @throws DomainError `grant.invalid`, `service.key-missing` */
  async issue({ client, binding }: GrantRequest, authReqIdHash: Buffer): Promise<TokenResponse> {
    const token = newOpaqueToken();
    const now = this.clock.now();
    const redeemed = await redeemLoginRequest(this.database, {
      authReqIdHash,
      clientId: client.id,
      lookupKeyIds: this.logins.keyIds,
      tokenHash: hashToken(token),
      binding,
      tokenExpiresAt: addMs(now, ACCESS_TOKEN_SECONDS * SECOND_MS),
      authenticatedAfter: addMs(now, -REDEEM_MS),
      now,
      event: eventText({ type: 'token.issued', at: now, actor: client.id, detail: {} }),
    });
    if (redeemed === 'key') throw lookupKeyMissing();
    const asked = redeemed && { loginId: redeemed.loginId, clientId: client.id, authReqIdHash };
    const login = asked && (await this.logins.find(asked, (key) => isLoginRequest(key, asked, redeemed.requestSealed)));
    // Another call was first, or the rows are not what was asked or signed: then the token made for them is never issued.
    if (!login) throw new DomainError('grant.invalid', { detail: 'The auth_req_id has been used.' });
    return {
      id_token: await this.idTokens.issueForLogin(login, client, now),
      access_token: token,
      token_type: tokenTypeOf(binding),
      expires_in: ACCESS_TOKEN_SECONDS,
      scope: login.scopes.join(' '),
    };
  }
}
