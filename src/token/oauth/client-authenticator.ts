import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import type { Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { CLOCK } from '../../operations/clock.ts';
import { nameCaller, noteClaimedClient } from '../../operations/current-request.ts';
import { acceptedAudiences, type AudienceRule } from '../../clients/assertion-audiences.ts';
import { checkClientAssertion, type AuthenticatedClient } from '../../client-auth/client-assertion.ts';
import { ClientCertificateAuthentication } from '../../client-auth/client-certificate-authentication.ts';
import { Clients, type Client, type Role } from '../../clients/clients.ts';
import type { Form } from '../form/form.ts';

/** Authenticates the sender of a form by its credentials. {@link Callers} claims the proofs. */
@Injectable()
export class ClientAuthenticator {
  constructor(
    private readonly clients: Clients,
    private readonly certificates: ClientCertificateAuthentication,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * private_key_jwt or tls_client_auth, as registered; neither together with another method.
   * @param rule what a client assertion may name as `aud` here
   * @throws DomainError `client.assertion-invalid`, `client.certificate-invalid`
   * @see RFC 6749 §2.3: one method per request; RFC 7521 §4.2, RFC 8705 §2
   */
  authenticate(request: Request, form: Form, rule: AudienceRule): AuthenticatedClient {
    const authenticated = this.#check(request, form, rule);
    nameCaller(authenticated.client.id, request.ip);
    return authenticated;
  }

  #check(request: Request, form: Form, rule: AudienceRule): AuthenticatedClient {
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
    noteClaimedClient(this.clients.findClient(clientId ?? '')?.id);
    if (!hasAssertion && clientId !== undefined && this.certificates.isMethodOf(clientId)) {
      return this.certificates.check(request, clientId);
    }
    const audiencesOf = (client: Client): readonly string[] => acceptedAudiences(rule, client, this.config);
    return checkClientAssertion(credentials, this.clients, audiencesOf, this.clock.now());
  }
}

/** @throws DomainError `caller.forbidden` */
export function checkRole(client: Client, roles: readonly Role[]): void {
  if (!roles.includes(client.role)) throw new DomainError('caller.forbidden');
}
