import { Inject, Injectable } from '@nestjs/common';
import { hashToken } from '../../client-auth/access-tokens.ts';
import type { Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Polls } from '../backchannel/polling/polls.ts';
import { CibaLoginGrant } from './ciba-login-grant.ts';
import { CibaPaymentGrant } from './ciba-payment-grant.ts';
import type { GrantRequest, TokenResponse } from './token.service.ts';

/** Redeems a backchannel request for the only token of its consent, or of its login. @see OpenID CIBA Core §10.1, §11 */
@Injectable()
export class CibaGrant {
  constructor(
    private readonly polls: Polls,
    private readonly payments: CibaPaymentGrant,
    private readonly logins: CibaLoginGrant,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Another client or another key leaves the request valid for the rightful one, and its interval as it is. A request that is presented
   * again is refused, and nothing else happens: a client that polls repeats answers that it lost.
   * @throws DomainError `grant.pending`, `grant.slow-down`, `grant.expired`, `grant.denied`, `grant.invalid`, `service.key-missing`;
   *   `oauth.unauthorized-client` for a client that is not registered for the backchannel
   */
  async issue(request: GrantRequest): Promise<TokenResponse> {
    const { form, client, binding } = request;
    if (!client.backchannel) throw notRegistered();
    const authReqIdHash = hashToken(form.get('auth_req_id'));
    const { target } = await this.polls.poll({ authReqIdHash, clientId: client.id, binding, now: this.clock.now() });
    if (target.purpose === 'login') return this.logins.issue(request, authReqIdHash);
    return this.payments.issue(request, { consentId: target.consentId, authReqIdHash });
  }
}

function notRegistered(): DomainError {
  return new DomainError('oauth.unauthorized-client', { detail: 'This client is not registered for the backchannel.' });
}
