import { Injectable } from '@nestjs/common';
import { codeRefused } from '../codes/code-fault.ts';
import { AuthorizationCodeGrant } from './authorization-code-grant.ts';
import { LoginCodeGrant } from './login-code-grant.ts';
import type { GrantRequest, TokenResponse } from './token.service.ts';

/** A code is of a login or of a payment; each is redeemed by its own statement, which knows of no other code. */
@Injectable()
export class CodeGrant {
  constructor(
    private readonly logins: LoginCodeGrant,
    private readonly payments: AuthorizationCodeGrant,
  ) {}

  /** @throws DomainError `grant.invalid`; `service.key-missing`; `oauth.unauthorized-client` for roles without codes */
  async issue(request: GrantRequest): Promise<TokenResponse> {
    const { login, role } = request.client;
    const ofLogin = login && (await this.logins.find(request));
    if (ofLogin) return ofLogin;
    if (role === 'rp') throw codeRefused(undefined);
    return this.payments.issue(request);
  }
}
