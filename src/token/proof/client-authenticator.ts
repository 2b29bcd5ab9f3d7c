import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import type { Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { CLOCK } from '../../platform/clock.ts';
import { nameCaller, noteClaimedClient } from '../../platform/request-scope.ts';
import { ClientRates } from '../../tpp/client-rates.ts';
import { checkClientAssertion, type AuthenticatedClient } from '../../tpp/client-assertion.ts';
import { ClientCertificateAuthentication } from '../../tpp/client-certificate-authentication.ts';
import { Clients, type RateKind, type Role } from '../../tpp/clients.ts';
import type { Form } from '../form/form.ts';

/** Who sends a form to an OAuth endpoint. */
@Injectable()
export class ClientAuthenticator {
  readonly #clients: Clients;
  readonly #certificates: ClientCertificateAuthentication;
  readonly #rates: ClientRates;
  readonly #clock: Clock;
  readonly #issuer: string;

  constructor(
    clients: Clients,
    certificates: ClientCertificateAuthentication,
    rates: ClientRates,
    @Inject(CLOCK) clock: Clock,
    @Inject(CONFIG) config: AppConfig,
  ) {
    this.#clients = clients;
    this.#certificates = certificates;
    this.#rates = rates;
    this.#clock = clock;
    this.#issuer = config.issuer;
  }

  /**
   * Who calls, and whether this client may call once more now. Counted before the assertion is claimed: the same request may be
   * sent again when the time has come.
   * @throws DomainError as {@link authenticate}; `request.too-many`
   */
  async admit(request: Request, form: Form, kind: RateKind): Promise<AuthenticatedClient> {
    const authenticated = this.authenticate(request, form);
    await this.#rates.check(kind, authenticated.client);
    return authenticated;
  }

  /**
   * private_key_jwt or tls_client_auth, as registered; neither together with another method.
   * @throws DomainError `client.assertion-invalid`, `client.certificate-invalid`
   * @see RFC 6749 §2.3: one method per request; RFC 7521 §4.2, RFC 8705 §2
   */
  authenticate(request: Request, form: Form): AuthenticatedClient {
    const authenticated = this.#check(request, form);
    nameCaller(authenticated.client.id, request.ip);
    return authenticated;
  }

  #check(request: Request, form: Form): AuthenticatedClient {
    if (request.headers.authorization !== undefined || form.find('client_secret') !== undefined) {
      throw new DomainError('client.assertion-invalid', { detail: 'Neither Basic nor client_secret is supported.' });
    }
    const clientId = form.find('client_id');
    const credentials = {
      clientId,
      assertionType: form.find('client_assertion_type'),
      assertion: form.find('client_assertion'),
    };
    const hasAssertion = credentials.assertion !== undefined || credentials.assertionType !== undefined;
    noteClaimedClient(this.#clients.findClient(clientId ?? '')?.id);
    if (!hasAssertion && clientId !== undefined && this.#certificates.isMethodOf(clientId)) {
      return this.#certificates.check(request, clientId);
    }
    return checkClientAssertion(credentials, this.#clients, this.#issuer, this.#clock.now());
  }
}

/** @throws DomainError `caller.forbidden` */
export function checkRole({ client }: AuthenticatedClient, roles: readonly Role[]): void {
  if (!roles.includes(client.role)) throw new DomainError('caller.forbidden');
}
