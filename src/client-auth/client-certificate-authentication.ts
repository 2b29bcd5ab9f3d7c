import { X509Certificate } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { CONFIG, type AppConfig } from '../config/config.ts';
import type { Clock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import { CLOCK } from '../operations/clock.ts';
import { isIssuedByOneOf } from './certificate/check-issued.ts';
import { isSubject } from '../clients/tls-subject.ts';
import type { AuthenticatedClient } from './client-assertion.ts';
import { ClientCertificates } from './certificate/client-certificates.ts';
import { Clients } from '../clients/clients.ts';

/** tls_client_auth: identifies a client by one subject field of a certificate that a configured CA issued. */
@Injectable()
export class ClientCertificateAuthentication {
  readonly #cas: readonly X509Certificate[];

  constructor(
    private readonly clients: Clients,
    private readonly certificates: ClientCertificates,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) config: AppConfig,
  ) {
    this.#cas = config.mtls?.clientCas.map((der) => new X509Certificate(der)) ?? [];
  }

  /** Whether this client is registered for tls_client_auth. */
  isMethodOf(clientId: string): boolean {
    return this.clients.findClient(clientId)?.tlsSubject !== undefined;
  }

  /**
   * @throws DomainError `client.certificate-invalid`, without saying which of its checks failed
   * @see RFC 8705 §2.1
   */
  check(request: Request, clientId: string): AuthenticatedClient {
    const client = this.clients.findClient(clientId);
    const shown = this.certificates.find(request);
    if (!client?.tlsSubject || !shown) return refuse('A client certificate is required.');
    if (!isIssuedByOneOf(shown.certificate, this.#cas, this.clock.now())) return refuse(OTHER);
    return isSubject(shown.certificate, client.tlsSubject) ? { client, replay: undefined } : refuse(OTHER);
  }
}

const OTHER = 'The certificate is not that of this client.';

function refuse(detail: string): never {
  throw new DomainError('client.certificate-invalid', { detail });
}
