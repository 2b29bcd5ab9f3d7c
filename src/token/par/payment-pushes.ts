import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import type { Clock } from '../../kernel/clock.ts';
import { BROWSER } from '../../payment/channel.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Clients, type Client } from '../../clients/clients.ts';
import type { ConsentRequest } from '../../consent/consent.ts';
import type { DpopProof } from '../../client-auth/dpop.ts';
import { checkAuthentication } from './checks/check-authentication.ts';
import { checkAuthorizationDetails } from './checks/check-authorization-details.ts';
import { checkCodeRequest } from './checks/check-code-request.ts';
import { checkCreditorNameVerification } from './checks/check-creditor-name-verification.ts';
import { checkIdempotencyKey } from './checks/check-idempotency-key.ts';
import { checkLoginHint } from './checks/check-login-hint.ts';
import { checkNonce } from './checks/check-nonce.ts';
import type { PushedParameters } from './checks/check-request-object.ts';
import { checkResource } from './checks/check-resource.ts';
import type { Form } from '../form/form.ts';
import type { IdempotentPush } from './idempotent-pushes.ts';
import { ACR } from '../../config/payment-acr.ts';
import { checkPushedScope, OPENID } from '../oauth/check-scope.ts';
import { checkRole } from '../oauth/client-authenticator.ts';
import { checkClaims, checkOnePerson, checkRequiredAcr } from '../openid/claims-request.ts';
import { PushedRequests, type CheckedPush, type PushedResponse } from './pushed-requests.ts';

const CREDENTIALS = ['client_id', 'client_assertion', 'client_assertion_type', 'dpop_jkt'];

/** Pushed requests for a payment: each creates one consent. */
@Injectable()
export class PaymentPushes {
  constructor(
    private readonly pushed: PushedRequests,
    private readonly clients: Clients,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: AppConfig,
  ) {}

  /** @throws DomainError as the checks do; `caller.forbidden` for other roles than TPPs; as {@link PushedRequests.create} */
  push(
    request: Request,
    parameters: PushedParameters,
    client: Client,
    proof: DpopProof | undefined,
  ): Promise<PushedResponse> {
    checkRole(client, ['tpp']);
    const checked = this.#check(parameters, client, proof);
    return this.pushed.create(checked, nameOf(request, parameters.form, checked));
  }

  #check({ form, requestObject }: PushedParameters, client: Client, proof: DpopProof | undefined): CheckedPush {
    const code = checkCodeRequest(form, client, this.config.environment, proof);
    const scope = checkPushedScope(form);
    if (scope === OPENID) checkAuthentication(form);
    return {
      requestObject,
      oauth: { ...code, scope, nonce: scope === OPENID ? checkNonce(form) : undefined },
      consent: this.#checkConsent(form, client),
    };
  }

  #checkConsent(form: Form, client: Client): ConsentRequest {
    const payment = checkAuthorizationDetails(form);
    const bank = checkResource(form, client, this.clients);
    const claims = checkClaims(form);
    checkRequiredAcr(claims, ACR);
    const payer = checkOnePerson(checkLoginHint(form), claims);
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
