import { Inject, Injectable } from '@nestjs/common';
import { eventText } from '../../audit/audit-trail.ts';
import { hashToken, newOpaqueToken } from '../../client-auth/access-tokens.ts';
import { Authorisations } from '../../consent/authorisations.ts';
import type { Grant } from '../../consent/consent.ts';
import { lifetimes } from '../../consent/lifetimes.ts';
import { Database } from '../../database/database.ts';
import { addMs, SECOND_MS, type Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { ClientId } from '../../kernel/ids.ts';
import { CLOCK } from '../../operations/clock.ts';
import { lookupKeyMissing } from '../../vault/envelope.ts';
import { checkOutcome } from '../backchannel/polling/check-outcome.ts';
import { pollRequest } from '../backchannel/polling/poll.repository.ts';
import { redeemRequest, type RedeemedRequest } from '../backchannel/redemption/redemption.repository.ts';
import { ACCESS_TOKEN_SECONDS } from '../oauth/lifetimes.ts';
import { consentTokenResponse } from './consent-token.ts';
import { CibaLoginGrant } from './ciba-login-grant.ts';
import { IdTokens } from './id-tokens.ts';
import type { GrantRequest, TokenResponse } from './token.service.ts';

/** Redeems a backchannel request for the only token of its consent, or of its login. @see OpenID CIBA Core §10.1, §11 */
@Injectable()
export class CibaGrant {
  constructor(
    private readonly authorisations: Authorisations,
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly idTokens: IdTokens,
    private readonly logins: CibaLoginGrant,
  ) {}

  /**
   * Another client or another key leaves the request valid for the rightful one, and its interval as it is. A request that is presented
   * again is refused, and nothing else happens: a client that polls repeats answers that it lost.
   * @throws DomainError `grant.pending`, `grant.slow-down`, `grant.expired`, `grant.denied`, `grant.invalid`, `service.key-missing`;
   *   `oauth.unauthorized-client` for a client that is not registered for the backchannel
   */
  async issue(request: GrantRequest): Promise<TokenResponse> {
    const { form, client, binding } = request;
    if (!client.backchannel) throw new DomainError('oauth.unauthorized-client');
    const now = this.clock.now();
    const authReqIdHash = hashToken(form.get('auth_req_id'));
    const polled = await pollRequest(this.database, { authReqIdHash, clientId: client.id, binding, now });
    const { purpose } = checkOutcome(polled, now);
    if (purpose === 'login') return this.logins.issue(request, authReqIdHash);
    return this.#issueForPayment(request, authReqIdHash, now);
  }

  async #issueForPayment({ client, binding }: GrantRequest, authReqIdHash: Buffer, now: Date): Promise<TokenResponse> {
    const token = newOpaqueToken();
    const redeemed = await redeemRequest(this.database, {
      authReqIdHash,
      clientId: client.id,
      lookupKeyIds: this.authorisations.keyIds,
      tokenHash: hashToken(token),
      binding,
      tokenExpiresAt: addMs(now, ACCESS_TOKEN_SECONDS * SECOND_MS),
      consumeBy: addMs(now, lifetimes.consumeMs),
      now,
      event: eventText({ type: 'token.issued', at: now, actor: client.id, detail: {} }),
    });
    if (redeemed === 'key') throw lookupKeyMissing();
    if (redeemed === 'consent')
      throw new DomainError('grant.denied', { detail: 'The consent is no longer authorised.' });
    if (redeemed === 'request') throw new DomainError('grant.invalid', { detail: 'The auth_req_id has been used.' });
    return consentTokenResponse(this.idTokens, await this.#checkSigned(redeemed, client.id), { token, binding, now });
  }

  /** Refuses a consent that is not as it was signed, or was signed for another client; the token made for it is never issued. */
  async #checkSigned(redeemed: RedeemedRequest, clientId: ClientId): Promise<RedeemedRequest & Grant> {
    const signed = await this.authorisations.findGrantOf(redeemed, clientId);
    if (!signed) throw new DomainError('grant.invalid', { detail: 'The consent is not as it was signed.' });
    return signed;
  }
}
