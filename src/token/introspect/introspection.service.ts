import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import { Consents } from '../../consent/consents.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { ConsentId } from '../../kernel/ids.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { PersonalNumber } from '../../kernel/personal-number.ts';
import { CLOCK } from '../../platform/clock.ts';
import { Database } from '../../platform/database.ts';
import { hashToken } from '../../tpp/access-tokens.ts';
import type { Client } from '../../tpp/clients.ts';
import { confirmationOf, tokenTypeOf, type Confirmation } from '../../tpp/token-binding.ts';
import type { Form } from '../form/form.ts';
import { grantedDetails } from '../grant/granted-details.ts';
import { checkRole, ClientAuthenticator } from '../proof/client-authenticator.ts';
import { OneTimeProofs } from '../proof/one-time-proofs.ts';
import { findTokenFacts, type TokenFacts } from './token-facts.repository.ts';

/** How the payer was authenticated: by an advanced electronic signature over this payment, made in BankID. */
const ACR = 'urn:sigill:acr:bankid-signature';

/** RFC 7662 §2.2, RFC 9396 §9.2, RFC 9449 §6.2. */
export type IntrospectionResponse = { readonly active: false } | ActiveToken;

interface ActiveToken {
  readonly active: true;
  readonly iss: string;
  readonly aud: string | undefined;
  readonly client_id: string;
  readonly sub: string;
  readonly token_type: 'DPoP' | 'Bearer';
  readonly iat: number;
  readonly exp: number;
  readonly cnf: Confirmation;
  readonly acr: string;
  readonly auth_time: number;
  readonly consent_id: ConsentId;
  readonly authorization_details: readonly JsonObject[];
  readonly evidence_digest: string;
  readonly payer: { readonly personalNumber: PersonalNumber };
}

/** Two statements and no side effect but the bank's used assertion: the consent stays exactly as it is. */
@Injectable()
export class IntrospectionService {
  readonly #issuer: string;

  constructor(
    private readonly authenticator: ClientAuthenticator,
    private readonly proofs: OneTimeProofs,
    private readonly consents: Consents,
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) config: AppConfig,
  ) {
    this.#issuer = config.issuer;
  }

  /** Unknown, foreign, expired, revoked and consumed: `{"active":false}` and nothing else. @see RFC 7662 §2.2 */
  async introspect(request: Request, form: Form): Promise<IntrospectionResponse> {
    const authenticated = await this.authenticator.authenticate(request, form);
    const { client, replay } = authenticated;
    return this.proofs.using(replay, async () => {
      checkRole(authenticated, ['bank']);
      const hash = hashToken(form.get('token'));
      const facts = await findTokenFacts(this.database, replay, hash, client.id, this.clock.now());
      return facts ? this.#describe(facts, client) : { active: false };
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
