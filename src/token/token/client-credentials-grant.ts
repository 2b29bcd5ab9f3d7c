import { Inject, Injectable } from '@nestjs/common';
import { addMs, SECOND_MS, type Clock } from '../../kernel/clock.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database } from '../../database/database.ts';
import { hashToken, insertAccessToken, newOpaqueToken } from '../../client-auth/access-tokens.ts';
import { tokenTypeOf } from '../../client-auth/token-binding.ts';
import { checkMachineScope } from '../oauth/check-scope.ts';
import { ACCESS_TOKEN_SECONDS } from '../oauth/lifetimes.ts';
import type { GrantRequest, TokenResponse } from './token.service.ts';

/** A token for the client itself. @see RFC 6749 §4.4 */
@Injectable()
export class ClientCredentialsGrant {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws DomainError `oauth.invalid-scope` */
  async issue({ form, client, binding }: GrantRequest): Promise<TokenResponse> {
    const scope = checkMachineScope(form, client);
    const token = newOpaqueToken();
    const issuedAt = this.clock.now();
    await insertAccessToken(this.database, {
      kind: 'machine',
      hash: hashToken(token),
      clientId: client.id,
      bank: client.role === 'bank' ? client.id : client.bank,
      scope,
      binding,
      issuedAt,
      expiresAt: addMs(issuedAt, ACCESS_TOKEN_SECONDS * SECOND_MS),
    });
    return { access_token: token, token_type: tokenTypeOf(binding), expires_in: ACCESS_TOKEN_SECONDS, scope };
  }
}
