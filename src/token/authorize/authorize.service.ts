import { Inject, Injectable } from '@nestjs/common';
import { Clients } from '../../clients/clients.ts';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import type { Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database } from '../../database/database.ts';
import type { Form } from '../form/form.ts';
import { findInteraction } from '../par/authorization-request.repository.ts';
import { findLoginInteraction } from '../par/login-request.repository.ts';
import { hashRequestUri } from '../par/request-uri.ts';
import { PastRequest } from './past-request.ts';

/** The entry of the payer's browser. It changes nothing, however often it is visited, so a link preview does not use up the request. */
@Injectable()
export class AuthorizeService {
  constructor(
    private readonly database: Database,
    private readonly clients: Clients,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * The URL of the page of the payment or login. All other parameters were pushed, and are ignored here (RFC 9126 §4).
   * @throws DomainError `oauth.invalid-request-uri` for an unknown, used or expired request, or another client's
   */
  async getPage(link: Form): Promise<string> {
    const clientId = link.getText('client_id');
    const requestUriHash = hashRequestUri(link.get('request_uri'));
    const now = this.clock.now();
    const payment = await findInteraction(this.database, requestUriHash, clientId, now);
    if (payment?.isOpen) return `${this.config.issuer}/pay/${payment.interactionId}`;
    const login = payment ? undefined : await findLoginInteraction(this.database, requestUriHash, clientId, now);
    if (login?.isOpen) return `${this.config.issuer}/login/${login.interactionId}`;
    const past = payment ?? login;
    const client = this.clients.findClient(clientId);
    throw past && client
      ? new PastRequest(client.name, past.redirectUri)
      : new DomainError('oauth.invalid-request-uri');
  }
}
