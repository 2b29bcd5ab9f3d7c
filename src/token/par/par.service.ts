import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import type { Clock } from '../../kernel/clock.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Clients, type Client } from '../../clients/clients.ts';
import type { ConsentRequest } from '../../consent/consent.ts';
import { BROWSER } from '../../payment/channel.ts';
import type { DpopProof } from '../../client-auth/dpop.ts';
import { checkAuthentication } from './checks/check-authentication.ts';
import { checkAuthorizationDetails } from './checks/check-authorization-details.ts';
import { checkCreditorNameVerification } from './checks/check-creditor-name-verification.ts';
import { checkDpopBinding } from './checks/check-dpop-binding.ts';
import { checkIdempotencyKey } from './checks/check-idempotency-key.ts';
import { checkLoginHint } from './checks/check-login-hint.ts';
import { checkNonce } from './checks/check-nonce.ts';
import { checkCodeChallenge } from '../oauth/check-pkce.ts';
import { checkRedirectUri } from './checks/check-redirect-uri.ts';
import { checkPushedParameters, type PushedParameters } from './checks/check-request-object.ts';
import { checkResource } from './checks/check-resource.ts';
import { checkResponseType } from './checks/check-response-type.ts';
import { checkPushedScope, OPENID } from '../oauth/check-scope.ts';
import { ACR } from '../oauth/acr.ts';
import { checkClaims, checkOnePerson, checkRequiredAcr } from '../openid/claims-request.ts';
import { checkState } from './checks/check-state.ts';
import type { Form } from '../form/form.ts';
import type { IdempotentPush } from './idempotent-pushes.ts';
import { Callers } from '../oauth/callers.ts';
import { checkRole } from '../oauth/client-authenticator.ts';
import { PushedRequests, type CheckedPush, type PushedResponse } from './pushed-requests.ts';

const CREDENTIALS = ['client_id', 'client_assertion', 'client_assertion_type', 'dpop_jkt'];

/** Pushed authorization requests: each creates one consent. */
@Injectable()
export class ParService {
  constructor(
    private readonly callers: Callers,
    private readonly pushed: PushedRequests,
    private readonly clients: Clients,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: AppConfig,
  ) {}

  /** @see RFC 9126 §2 */
  async push(request: Request, form: Form): Promise<PushedResponse> {
    const { client, proof } = await this.callers.authenticateWithProof(request, form, 'par');
    checkRole(client, ['tpp']);
    const pushed = checkPushedParameters(form, client, this.config.issuer, this.clock.now());
    const checked = this.#check(pushed, client, proof);
    return this.pushed.create(checked, nameOf(request, pushed.form, checked));
  }

  #check({ form, requestObject }: PushedParameters, client: Client, proof: DpopProof | undefined): CheckedPush {
    checkResponseType(form);
    const scope = checkPushedScope(form);
    if (scope === OPENID) checkAuthentication(form);
    return {
      requestObject,
      oauth: {
        redirectUri: checkRedirectUri(form, client, this.config.environment),
        codeChallenge: checkCodeChallenge(form),
        state: checkState(form),
        dpopJkt: checkDpopBinding(form, client, proof),
        scope,
        nonce: scope === OPENID ? checkNonce(form) : undefined,
      },
      consent: this.#checkConsent(form, client),
    };
  }

  #checkConsent(form: Form, client: Client): ConsentRequest {
    const bank = checkResource(form, client, this.clients);
    const claims = checkClaims(form);
    checkRequiredAcr(claims, ACR);
    const payer = checkOnePerson(checkLoginHint(form), claims);
    const payment = checkAuthorizationDetails(form);
    const pushedAt = this.clock.now();
    const creditorNameVerification = checkCreditorNameVerification(payment, bank, pushedAt);
    return {
      client,
      bank,
      payer,
      initiation: payment.initiation,
      creditorNameVerification,
      channel: BROWSER,
      pushedAt,
    };
  }
}

/** Credentials and proofs differ each time; the key to which the code is bound must not. */
function nameOf(request: Request, form: Form, { consent, oauth }: CheckedPush): IdempotentPush | undefined {
  const key = checkIdempotencyKey(request.headers['idempotency-key']);
  if (key === undefined) return undefined;
  const content = JSON.stringify([form.without(CREDENTIALS), oauth.dpopJkt ?? null]);
  return { clientId: consent.client.id, key, content };
}
