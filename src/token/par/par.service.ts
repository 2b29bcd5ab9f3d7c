import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import type { ConsentRequest } from '../../consent/consent.ts';
import { Consents } from '../../consent/consents.ts';
import { addMs, SECOND_MS } from '../../kernel/clock.ts';
import type { ConsentId } from '../../kernel/ids.ts';
import type { Tx } from '../../platform/database.ts';
import { Clients, type Client } from '../../tpp/clients.ts';
import type { DpopProof } from '../../tpp/dpop.ts';
import { checkAuthorizationDetails } from '../checks/check-authorization-details.ts';
import { checkDpopBinding } from '../checks/check-dpop-binding.ts';
import { checkLoginHint } from '../checks/check-login-hint.ts';
import { checkCodeChallenge } from '../checks/check-pkce.ts';
import { checkPushedByValue } from '../checks/check-pushed-by-value.ts';
import { checkRedirectUri } from '../checks/check-redirect-uri.ts';
import { checkResource } from '../checks/check-resource.ts';
import { checkResponseType } from '../checks/check-response-type.ts';
import { checkNoScope } from '../checks/check-scope.ts';
import { checkState } from '../checks/check-state.ts';
import type { Form } from '../form/form.ts';
import { checkRole, ClientAuthenticator } from '../proof/client-authenticator.ts';
import { OneTimeProofs } from '../proof/one-time-proofs.ts';
import { insertRequest, type AuthorizationRequest } from './authorization-request.repository.ts';
import { hashRequestUri, newRequestUri } from './request-uri.ts';

/** FAPI 2.0 §5.3.2.2: less than 600 s. */
const REQUEST_URI_SECONDS = 300;

export interface PushedResponse {
  readonly request_uri: string;
  readonly expires_in: number;
  readonly consent_id: ConsentId;
}

/** What the checks make of a form. */
interface CheckedPush {
  readonly consent: ConsentRequest;
  readonly oauth: Pick<AuthorizationRequest, 'redirectUri' | 'state' | 'codeChallenge' | 'dpopJkt'>;
}

/** Pushed authorization requests: each creates one consent. */
@Injectable()
export class ParService {
  readonly #authenticator: ClientAuthenticator;
  readonly #proofs: OneTimeProofs;
  readonly #consents: Consents;
  readonly #clients: Clients;
  readonly #config: AppConfig;

  constructor(
    authenticator: ClientAuthenticator,
    proofs: OneTimeProofs,
    consents: Consents,
    clients: Clients,
    @Inject(CONFIG) config: AppConfig,
  ) {
    this.#authenticator = authenticator;
    this.#proofs = proofs;
    this.#consents = consents;
    this.#clients = clients;
    this.#config = config;
  }

  /** @see RFC 9126 §2 */
  async push(request: Request, form: Form): Promise<PushedResponse> {
    const authenticated = await this.#authenticator.authenticate(request, form);
    return this.#proofs.using(authenticated.replay, async (proofs) => {
      checkRole(authenticated, ['tpp']);
      const proof = await this.#authenticator.findProof(request);
      if (proof) proofs.add(proof.replay);
      const checked = this.#check(form, authenticated.client, proof);
      return proofs.spend((tx) => this.#create(tx, checked));
    });
  }

  #check(form: Form, client: Client, proof: DpopProof | undefined): CheckedPush {
    checkPushedByValue(form);
    checkResponseType(form);
    checkNoScope(form);
    return {
      oauth: {
        redirectUri: checkRedirectUri(form, client, this.#config.environment),
        codeChallenge: checkCodeChallenge(form),
        state: checkState(form),
        dpopJkt: checkDpopBinding(form, client, proof),
      },
      consent: {
        client,
        bank: checkResource(form, this.#clients),
        payer: checkLoginHint(form),
        initiation: checkAuthorizationDetails(form),
      },
    };
  }

  async #create(tx: Tx, { consent, oauth }: CheckedPush): Promise<PushedResponse> {
    const requestUri = newRequestUri();
    const { consentId, interactionId, createdAt } = await this.#consents.pushConsent(tx, consent);
    await insertRequest(tx, {
      ...oauth,
      interactionId,
      consentId,
      clientId: consent.client.id,
      requestUriHash: hashRequestUri(requestUri),
      pushedAt: createdAt,
      expiresAt: addMs(createdAt, REQUEST_URI_SECONDS * SECOND_MS),
    });
    return { request_uri: requestUri, expires_in: REQUEST_URI_SECONDS, consent_id: consentId };
  }
}
