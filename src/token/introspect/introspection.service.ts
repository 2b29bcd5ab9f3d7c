import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import { Authorisations } from '../../consent/authorisations.ts';
import type { Grant } from '../../consent/consent.ts';
import type { PersonalNumber } from '../../kernel/personal-number.ts';
import type { Client } from '../../clients/clients.ts';
import { confirmationOf, tokenTypeOf } from '../../client-auth/token-binding.ts';
import type { Form } from '../form/form.ts';
import { ACR } from '../../config/payment-acr.ts';
import { grantedDetails } from '../token/consent-token.ts';
import { Callers } from '../oauth/callers.ts';
import { checkRole } from '../oauth/client-authenticator.ts';
import type { ActiveToken, IntrospectionResponse } from './introspection-response.ts';
import { SignedIntrospection } from './signed-introspection.ts';
import type { TokenFacts } from './token-facts.repository.ts';
import { TokenLookup } from './token-lookup.ts';

const JWT = 'application/token-introspection+jwt';

/** The body as it is sent, and its media type. */
export interface Answer {
  readonly type: string;
  readonly body: string;
}

/** No side effect but the bank's claimed assertion: the consent stays exactly as it is. */
@Injectable()
export class IntrospectionService {
  constructor(
    private readonly callers: Callers,
    private readonly authorisations: Authorisations,
    private readonly signed: SignedIntrospection,
    private readonly lookup: TokenLookup,
    @Inject(CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * Unknown, foreign, expired, revoked, consumed, and no longer what was signed: `{"active":false}` and nothing else.
   * @throws DomainError `service.key-missing`
   * @see RFC 7662 §2.2; RFC 9701 §4 for the answer that is a JWT, given where `Accept` asks for it
   */
  async introspect(request: Request, form: Form): Promise<Answer> {
    const client = await this.callers.authenticate(request, form, 'introspection');
    checkRole(client, ['bank']);
    const answer = await this.#answer(form.get('token'), client);
    return request.accepts(['json', JWT]) === JWT
      ? { type: JWT, body: await this.signed.sign(answer, client) }
      : { type: 'application/json', body: JSON.stringify(answer) };
  }

  async #answer(token: string, bank: Client): Promise<IntrospectionResponse> {
    const facts = await this.lookup.find(token, bank.id);
    const signed = facts && (await this.authorisations.findGrant(facts));
    const payer = signed && (await this.authorisations.findPayer(signed.consentId, signed.payerSealed, signed.dataKey));
    return signed && payer !== undefined ? this.#describe(signed, payer, bank) : { active: false };
  }

  #describe(facts: TokenFacts & Grant, payer: PersonalNumber, bank: Client): ActiveToken {
    return {
      active: true,
      iss: this.config.issuer,
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
      payer: { personalNumber: payer },
    };
  }
}

function toNumericDate(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}
