import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import type { Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { CLOCK } from '../../platform/clock.ts';
import { checkClientAssertion, type AuthenticatedClient } from '../../tpp/client-assertion.ts';
import { Clients, type Role } from '../../tpp/clients.ts';
import { checkDpopProof, type DpopProof } from '../../tpp/dpop.ts';
import type { Form } from '../form/form.ts';

/** Who sends a form to an OAuth endpoint, and with which key. */
@Injectable()
export class ClientAuthenticator {
  readonly #clients: Clients;
  readonly #clock: Clock;
  readonly #issuer: string;

  constructor(clients: Clients, @Inject(CLOCK) clock: Clock, @Inject(CONFIG) config: AppConfig) {
    this.#clients = clients;
    this.#clock = clock;
    this.#issuer = config.issuer;
  }

  /**
   * private_key_jwt and nothing else: not together with another method either.
   * @throws DomainError `client.assertion-invalid`
   * @see RFC 6749 §2.3: one method per request; RFC 7521 §4.2
   */
  authenticate(request: Request, form: Form): Promise<AuthenticatedClient> {
    if (request.headers.authorization !== undefined || form.find('client_secret') !== undefined) {
      throw new DomainError('client.assertion-invalid', { detail: 'Only private_key_jwt is supported.' });
    }
    const credentials = {
      clientId: form.find('client_id'),
      assertionType: form.find('client_assertion_type'),
      assertion: form.find('client_assertion'),
    };
    return checkClientAssertion(credentials, this.#clients, this.#issuer, this.#clock.now());
  }

  /** @throws DomainError `dpop.missing`, `dpop.invalid` */
  checkProof(request: Request): Promise<DpopProof> {
    const path = request.originalUrl.replace(/[?#].*$/s, '');
    const proof = { header: request.headers['dpop'], method: request.method, uri: `${this.#issuer}${path}` };
    return checkDpopProof(proof, this.#clock.now());
  }

  async findProof(request: Request): Promise<DpopProof | undefined> {
    return request.headers['dpop'] === undefined ? undefined : this.checkProof(request);
  }
}

/** @throws DomainError `caller.forbidden` */
export function checkRole({ client }: AuthenticatedClient, roles: readonly Role[]): void {
  if (!roles.includes(client.role)) throw new DomainError('caller.forbidden');
}
