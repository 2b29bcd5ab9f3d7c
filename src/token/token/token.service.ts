import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { JsonObject } from '../../kernel/json.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { ConsentId } from '../../kernel/ids.ts';
import type { Client } from '../../clients/clients.ts';
import type { TokenBinding } from '../../client-auth/token-binding.ts';
import type { Form } from '../form/form.ts';
import { Callers } from '../oauth/callers.ts';
import { CIBA } from '../oauth/grant-types.ts';
import { TokenBindings } from '../oauth/token-bindings.ts';
import { CibaGrant } from './ciba-grant.ts';
import { ClientCredentialsGrant } from './client-credentials-grant.ts';
import { CodeGrant } from './code-grant.ts';

export interface TokenResponse {
  readonly access_token: string;
  /** Bearer if the token is bound to a certificate (RFC 8705 §3). */
  readonly token_type: 'DPoP' | 'Bearer';
  readonly expires_in: number;
  /** For machine tokens and logins. The scope of a payment is granted as pushed or refused, so it need not be repeated (RFC 6749 §5.1). */
  readonly scope?: string;
  /** If the scope openid was requested (OpenID Connect Core §3.1.3.3). */
  readonly id_token?: string;
  readonly consent_id?: ConsentId;
  readonly evidence_digest?: string;
  readonly authorization_details?: readonly JsonObject[];
}

/** A request to the token endpoint from an authenticated client with proof of possession. */
export interface GrantRequest {
  readonly form: Form;
  readonly client: Client;
  /** The key to which the token will be bound. */
  readonly binding: TokenBinding;
}

const SUPPORTED = `Supported are authorization_code, client_credentials and ${CIBA}.`;

@Injectable()
export class TokenService {
  constructor(
    private readonly callers: Callers,
    private readonly bindings: TokenBindings,
    private readonly code: CodeGrant,
    private readonly credentials: ClientCredentialsGrant,
    private readonly ciba: CibaGrant,
  ) {}

  /** @see RFC 6749 §3.2 */
  async issue(request: Request, form: Form): Promise<TokenResponse> {
    const rule = form.find('grant_type') === CIBA ? 'backchannel' : 'issuer';
    const { client, proof } = await this.callers.authenticateWithProof(request, form, 'token', rule);
    const binding = this.bindings.getBinding(request, client, proof);
    return this.#grant({ form, client, binding });
  }

  #grant(request: GrantRequest): Promise<TokenResponse> {
    switch (request.form.get('grant_type')) {
      case 'authorization_code':
        return this.code.issue(request);
      case 'client_credentials':
        return this.credentials.issue(request);
      case CIBA:
        return this.ciba.issue(request);
      default:
        throw new DomainError('oauth.unsupported-grant-type', { pointer: '/grant_type', detail: SUPPORTED });
    }
  }
}
