import { Inject, Injectable, Logger } from '@nestjs/common';
import { AuditTrail, eventText } from '../../audit/audit-trail.ts';
import { hashToken, newOpaqueToken, revokeTokenOfLogin } from '../../client-auth/access-tokens.ts';
import { tokenTypeOf } from '../../client-auth/token-binding.ts';
import { Database } from '../../database/database.ts';
import { addMs, SECOND_MS, type Clock } from '../../kernel/clock.ts';
import type { ClientId, LoginId } from '../../kernel/ids.ts';
import { loginSubject } from '../../kernel/subject.ts';
import { CLOCK } from '../../operations/clock.ts';
import { lookupKeyMissing } from '../../vault/envelope.ts';
import { challengeOfVerifier } from '../oauth/check-pkce.ts';
import { codeRefused, type PresentedCode } from '../codes/code-fault.ts';
import { findLoginCodeFault, redeemLoginCode } from '../codes/login-redemption.repository.ts';
import { ACCESS_TOKEN_SECONDS } from '../oauth/lifetimes.ts';
import { AskedLogins } from '../openid/asked-logins.ts';
import { isPushedLogin } from '../par/sealed-login-push.ts';
import { IdTokens } from './id-tokens.ts';
import type { GrantRequest, TokenResponse } from './token.service.ts';

/** Redeems the code of a login for its only token, with an id_token. @see RFC 6749 §4.1.3; OpenID Connect Core §3.1.3 */
@Injectable()
export class LoginCodeGrant {
  readonly #log = new Logger('token');

  constructor(
    private readonly logins: AskedLogins,
    private readonly database: Database,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly idTokens: IdTokens,
  ) {}

  /**
   * Undefined for a code that is not of a login of this client. A wrong client, redirect URI, verifier or key leaves the code valid for
   * the rightful client.
   * @throws DomainError `grant.invalid`, `service.key-missing`
   */
  async find({ form, client, binding }: GrantRequest): Promise<TokenResponse | undefined> {
    const token = newOpaqueToken();
    const now = this.clock.now();
    const presented: PresentedCode = {
      codeHash: hashToken(form.get('code')),
      clientId: client.id,
      redirectUri: form.getText('redirect_uri'),
      codeChallenge: challengeOfVerifier(form),
      binding,
      now,
    };
    const redeemed = await redeemLoginCode(this.database, {
      ...presented,
      lookupKeyIds: this.logins.keyIds,
      tokenHash: hashToken(token),
      tokenExpiresAt: addMs(now, ACCESS_TOKEN_SECONDS * SECOND_MS),
      event: eventText({ type: 'token.issued', at: now, actor: client.id, detail: {} }),
    });
    if (redeemed === 'key') throw lookupKeyMissing();
    if (redeemed === 'issued') return this.#refuseExchanged();
    if (redeemed === undefined) return this.#refuse(presented);
    const pushed = { ...redeemed, ...presented };
    const login = await this.logins.find(pushed, (key) => isPushedLogin(key, pushed, redeemed.requestSealed));
    // Rows that are not what was pushed or signed: the token made for them is never issued.
    if (!login) return undefined;
    return {
      id_token: await this.idTokens.issueForLogin(login, client, now),
      access_token: token,
      token_type: tokenTypeOf(binding),
      expires_in: ACCESS_TOKEN_SECONDS,
      scope: login.scopes.join(' '),
    };
  }

  #refuseExchanged(): never {
    this.#log.error('a code leads to a login that has its token already; no token is given');
    throw codeRefused(undefined);
  }

  /** If the authenticated client presents a used code, the code has leaked, so its token is revoked. */
  async #refuse(presented: PresentedCode): Promise<undefined> {
    const found = await findLoginCodeFault(this.database, presented);
    if (!found) return;
    if (found.fault === 'used') await this.#revokeUsed(found.loginId, presented.clientId);
    throw codeRefused(found.fault);
  }

  async #revokeUsed(loginId: LoginId, clientId: ClientId): Promise<void> {
    await this.database.inTransaction(async (tx) => {
      const at = this.clock.now();
      if (!(await revokeTokenOfLogin(tx, loginId, at))) return;
      const event = { type: 'token.revoked', at, actor: 'service', detail: { reason: 'code-reused' } };
      await this.audit.appendEvent(tx, loginSubject(clientId, loginId), event);
    });
  }
}
