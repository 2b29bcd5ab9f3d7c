import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { OrderStart } from '../../bankid-sign/sign-order.ts';
import type { DpopProof } from '../../client-auth/dpop.ts';
import { ProofOfPossession } from '../../client-auth/proof-of-possession.ts';
import type { TokenBinding } from '../../client-auth/token-binding.ts';
import { Clients, type Client } from '../../clients/clients.ts';
import type { Backchannel, BackchannelWay } from '../../clients/payer-ways.ts';
import { checkPhonePayment } from '../../clients/phone-payment.ts';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { PersonalNumber } from '../../kernel/personal-number.ts';
import type { Secret } from '../../kernel/secret.ts';
import { CLOCK } from '../../operations/clock.ts';
import type { Channel } from '../../payment/channel.ts';
import { ACR } from '../../config/payment-acr.ts';
import { checkRole } from '../oauth/client-authenticator.ts';
import { checkPushedScope, OPENID } from '../oauth/check-scope.ts';
import type { Form } from '../form/form.ts';
import { checkLogin } from '../openid/login-request.ts';
import { checkClaims, checkOnePerson, checkRequiredAcr } from '../openid/claims-request.ts';
import { checkAuthorizationDetails } from '../par/checks/check-authorization-details.ts';
import { checkCreditorNameVerification } from '../par/checks/check-creditor-name-verification.ts';
import { checkNonce } from '../par/checks/check-nonce.ts';
import { checkResource } from '../par/checks/check-resource.ts';
import { checkAcrValues } from './checks/check-acr-values.ts';
import { checkBinding } from './checks/check-binding.ts';
import { checkBindingMessage, checkNoBindingMessage } from './checks/check-binding-message.ts';
import { checkHints } from './checks/check-hints.ts';
import { checkNotificationToken } from './checks/check-notification-token.ts';
import { checkPhoneLogin } from './checks/check-phone-login.ts';
import { checkPurpose } from './checks/check-purpose.ts';
import { checkRequestedExpiry } from './checks/check-requested-expiry.ts';
import { languageOf, type Language } from './checks/language-of.ts';
import { checkUserCode } from './checks/check-user-code.ts';
import { checkWay } from './checks/check-way.ts';
import type { BackchannelParameters } from './checks/parameters.ts';
import { checkStart } from './checks/start/check-start.ts';
import type { Asked } from './purposes.ts';

/** Who sent a request, authenticated. */
export interface Sender {
  readonly request: Request;
  readonly client: Client;
  readonly backchannel: Backchannel;
  readonly proof: DpopProof | undefined;
}

/** A request that may be made. */
export interface CheckedRequest {
  readonly client: Client;
  readonly asked: Asked;
  readonly start: OrderStart;
  readonly language: Language;
  readonly lifetimeMs: number;
  readonly binding: TokenBinding | undefined;
  readonly scope: typeof OPENID | undefined;
  readonly nonce: string | undefined;
  /** Set if the client is to be notified. */
  readonly notificationToken: Secret | undefined;
  readonly requestedAt: Date;
}

interface Facts {
  readonly client: Client;
  readonly person: PersonalNumber | undefined;
  readonly way: BackchannelWay;
  readonly channel: Channel;
  readonly requestedAt: Date;
}

type PurposeFacts = Pick<CheckedRequest, 'asked' | 'scope' | 'nonce'>;

/** The checks of a backchannel request, one after the other. @see OpenID CIBA Core §7.1, §7.2 */
@Injectable()
export class RequestChecks {
  constructor(
    private readonly clients: Clients,
    private readonly possession: ProofOfPossession,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: AppConfig,
  ) {}

  /** @throws DomainError with the standard's error for what is wrong */
  check(parameters: BackchannelParameters, sender: Sender): CheckedRequest {
    const { form, claims } = parameters;
    const { client, backchannel, request } = sender;
    const purpose = checkPurpose(parameters, client);
    checkUserCode(form);
    checkAcrValues(form);
    const way = checkWay(form, backchannel);
    const person = checkHints(form, way);
    const { environment } = this.config;
    const needsOperator = purpose === 'payment' || !client.bindingMessageOptional;
    const start = checkStart(parameters, way, { backchannel, callerIp: request.ip, environment, needsOperator });
    const requestedAt = this.clock.now();
    const facts = { client, person, way, channel: channelOf(start), requestedAt };
    return {
      client,
      start,
      requestedAt,
      binding: checkBinding(form, client, way, this.#shownKeys(sender)),
      language: languageOf(form),
      lifetimeMs: checkRequestedExpiry(claims, client),
      notificationToken: checkNotificationToken(form, backchannel),
      ...(purpose === 'payment' ? this.#checkPayment(form, facts) : this.#checkLogin(form, facts)),
    };
  }

  #checkPayment(form: Form, { client, person, channel, requestedAt }: Facts): PurposeFacts {
    checkRole(client, ['tpp']);
    checkNoBindingMessage(form);
    const scope = checkPushedScope(form);
    const bank = checkResource(form, client, this.clients);
    const claims = checkClaims(form);
    checkRequiredAcr(claims, ACR);
    const payer = checkOnePerson(person, claims);
    const payment = checkAuthorizationDetails(form);
    const { initiation } = payment;
    if (channel.way === 'phone')
      checkPhonePayment(client, bank, channel.callInitiator, initiation.instructedAmount, '/authorization_details/0');
    const creditorNameVerification = checkCreditorNameVerification(payment, bank, requestedAt);
    const pushedAt = requestedAt;
    return {
      scope,
      nonce: scope === OPENID ? checkNonce(form) : undefined,
      asked: {
        purpose: 'payment',
        consent: { client, bank, payer, initiation, creditorNameVerification, channel, pushedAt },
      },
    };
  }

  /** What it asks for, its nonce included, stands with the login. */
  #checkLogin(form: Form, { client, person, way, channel, requestedAt }: Facts): PurposeFacts {
    if (channel.way === 'phone') checkPhoneLogin(client, channel.callInitiator);
    const bindingMessage = checkBindingMessage(form, way, client);
    const requested = checkLogin(form, client, channel, this.config.loginAcr, person);
    const login = { client, channel, ...requested, nonce: checkNonce(form), bindingMessage, requestedAt };
    return { scope: undefined, nonce: undefined, asked: { purpose: 'login', login } };
  }

  #shownKeys({ request, proof }: Sender): Parameters<typeof checkBinding>[3] {
    return {
      proof,
      x5t: this.possession.findCertificate(request),
      isRegistered: (jkt) => this.clients.isRegisteredKey(jkt),
    };
  }
}

function channelOf(start: OrderStart): Channel {
  return start.way === 'phone' ? { way: 'phone', callInitiator: start.callInitiator } : { way: start.way };
}
