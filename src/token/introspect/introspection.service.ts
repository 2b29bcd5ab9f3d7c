import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import { Authorisations } from '../../consent/authorisations.ts';
import type { Grant } from '../../consent/consent.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { PersonalNumber } from '../../kernel/personal-number.ts';
import { CLOCK } from '../../platform/clock.ts';
import { hashToken } from '../../tpp/access-tokens.ts';
import type { Client } from '../../tpp/clients.ts';
import { confirmationOf, tokenTypeOf } from '../../tpp/token-binding.ts';
import type { Form } from '../form/form.ts';
import { ACR } from '../grant/acr.ts';
import { grantedDetails } from '../grant/granted-details.ts';
import { checkRole, ClientAuthenticator } from '../proof/client-authenticator.ts';
import { OneTimeProofs } from '../proof/one-time-proofs.ts';
import { AskedTokens } from './asked-tokens.ts';
import type { ActiveToken, IntrospectionResponse } from './introspection-response.ts';
import { SignedIntrospection } from './signed-introspection.ts';
import type { TokenFacts } from './token-facts.repository.ts';

const JWT = 'application/token-introspection+jwt';

/** The body as it is sent, and its media type. */
export interface Answer {
  readonly type: string;
  readonly body: string;
}

/** One statement and no side effect but the bank's used assertion: the consent stays exactly as it is. */
@Injectable()
export class IntrospectionService {
  readonly #issuer: string;

  constructor(
    private readonly authenticator: ClientAuthenticator,
    private readonly proofs: OneTimeProofs,
    private readonly authorisations: Authorisations,
    private readonly signed: SignedIntrospection,
    private readonly asked: AskedTokens,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) config: AppConfig,
  ) {
    this.#issuer = config.issuer;
  }

  /**
   * Unknown, foreign, expired, revoked, consumed, and no longer what was signed: `{"active":false}` and nothing else.
   * @throws DomainError `service.key-missing`
   * @see RFC 7662 §2.2; RFC 9701 §4 for the answer that is a JWT, given to whoever asks for it by `Accept`
   */
  async introspect(request: Request, form: Form): Promise<Answer> {
    const authenticated = await this.authenticator.admit(request, form, 'introspection');
    const { client, replay } = authenticated;
    return this.proofs.using(replay, async () => {
      checkRole(authenticated, ['bank']);
      const hash = hashToken(form.get('token'));
      const question = { tokenHash: hash, bank: client.id, assertion: replay, now: this.clock.now() };
      const facts = await this.asked.find(question);
      const signed = facts && (await this.authorisations.findGrant(facts));
      const payer =
        signed && (await this.authorisations.findPayer(signed.consentId, signed.payerSealed, signed.dataKey));
      const answer: IntrospectionResponse =
        signed && payer !== undefined ? this.#describe(signed, payer, client) : { active: false };
      return request.accepts(['json', JWT]) === JWT
        ? { type: JWT, body: await this.signed.sign(answer, client) }
        : { type: 'application/json', body: JSON.stringify(answer) };
    });
  }

  #describe(facts: TokenFacts & Grant, payer: PersonalNumber, bank: Client): ActiveToken {
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
      payer: { personalNumber: payer },
    };
  }
}

function toNumericDate(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}
