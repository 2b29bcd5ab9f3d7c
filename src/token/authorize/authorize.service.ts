import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import type { Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database } from '../../database/database.ts';
import type { Form } from '../form/form.ts';
import { findInteraction } from '../par/authorization-request.repository.ts';
import { hashRequestUri } from '../par/request-uri.ts';

/** The entry of the payer's browser. It changes nothing, however often it is visited, so a link preview does not use up the request. */
@Injectable()
export class AuthorizeService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * The URL of the payer's page. All other parameters were pushed, and are ignored here (RFC 9126 §4).
   * @throws DomainError `oauth.invalid-request-uri` for an unknown, used or expired request, or another client's
   */
  async getPage(link: Form): Promise<string> {
    const clientId = link.getText('client_id');
    const requestUriHash = hashRequestUri(link.get('request_uri'));
    const interactionId = await findInteraction(this.database, requestUriHash, clientId, this.clock.now());
    if (interactionId === undefined) throw new DomainError('oauth.invalid-request-uri');
    return `${this.config.issuer}/pay/${interactionId}`;
  }
}
