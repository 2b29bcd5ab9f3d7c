import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import { Consents } from '../../consent/consents.ts';
import type { Clock } from '../../kernel/clock.ts';
import { CLOCK } from '../../platform/clock.ts';
import { Database } from '../../platform/database.ts';
import { hashToken } from '../../tpp/access-tokens.ts';
import type { Client } from '../../tpp/clients.ts';
import { confirmationOf, tokenTypeOf } from '../../tpp/token-binding.ts';
import type { Form } from '../form/form.ts';
import { ACR } from '../grant/acr.ts';
import { grantedDetails } from '../grant/granted-details.ts';
import { checkRole, ClientAuthenticator } from '../proof/client-authenticator.ts';
import { OneTimeProofs } from '../proof/one-time-proofs.ts';
import type { ActiveToken, IntrospectionResponse } from './introspection-response.ts';
import { SignedIntrospection } from './signed-introspection.ts';
import { findTokenFacts, type TokenFacts } from './token-facts.repository.ts';

const JWT = 'application/token-introspection+jwt';

/** The body as it is sent, and its media type. */
export interface Answer {
  readonly type: string;
  readonly body: string;
}

/** Two statements and no side effect but the bank's used assertion: the consent stays exactly as it is. */
@Injectable()
export class IntrospectionService {
  readonly #issuer: string;

  constructor(
    private readonly authenticator: ClientAuthenticator,
    private readonly proofs: OneTimeProofs,
    private readonly consents: Consents,
    private readonly signed: SignedIntrospection,
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) config: AppConfig,
  ) {
    this.#issuer = config.issuer;
  }

  /**
   * Unknown, foreign, expired, revoked and consumed: `{"active":false}` and nothing else.
   * @see RFC 7662 §2.2; RFC 9701 §4 for the answer that is a JWT, given to whoever asks for it by `Accept`
   */
  async introspect(request: Request, form: Form): Promise<Answer> {
    const authenticated = this.authenticator.authenticate(request, form);
    const { client, replay } = authenticated;
    return this.proofs.using(replay, async () => {
      checkRole(authenticated, ['bank']);
      const hash = hashToken(form.get('token'));
      const facts = await findTokenFacts(this.database, replay, hash, client.id, this.clock.now());
      const answer: IntrospectionResponse = facts ? await this.#describe(facts, client) : { active: false };
      return request.accepts(['json', JWT]) === JWT
        ? { type: JWT, body: await this.signed.sign(answer, client) }
        : { type: 'application/json', body: JSON.stringify(answer) };
    });
  }

  async #describe(facts: TokenFacts, bank: Client): Promise<ActiveToken> {
    return {
      active: true,
      iss: this.#issuer,
      aud: bank.resource,
      client_id: facts.clientId,
      sub: facts.subject,
      token_type: tokenTypeOf(facts.binding),
      iat: toNumericDate(facts.issuedAt),
      exp: toNumericDate(facts.tokenExpiresAt),
      cnf: confirmationOf(facts.binding),
      acr: ACR,
      auth_time: toNumericDate(facts.signedAt),
      consent_id: facts.consentId,
      authorization_details: grantedDetails(facts),
      evidence_digest: facts.evidenceDigest.toString('base64url'),
      payer: { personalNumber: await this.consents.openPayer(facts) },
    };
  }
}

function toNumericDate(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}
