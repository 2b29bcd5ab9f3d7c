import { Inject, Injectable, Logger } from '@nestjs/common';
import { eventText } from '../../audit/audit-trail.ts';
import { hashToken, newOpaqueToken } from '../../client-auth/access-tokens.ts';
import { Authorisations } from '../../consent/authorisations.ts';
import type { Grant } from '../../consent/consent.ts';
import { lifetimes } from '../../consent/lifetimes.ts';
import { Database } from '../../database/database.ts';
import { sealRequestObject } from '../../evidence/request-objects.ts';
import { addMs, SECOND_MS, type Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { ClientId } from '../../kernel/ids.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Envelope, lookupKeyMissing } from '../../vault/envelope.ts';
import { findPaymentRequest } from '../backchannel/redemption/payment-request.repository.ts';
import { redeemRequest, type RedeemedRequest } from '../backchannel/redemption/redemption.repository.ts';
import { openPaymentRequest, type AskedPayment } from '../backchannel/store/sealed-payment-request.ts';
import { ACCESS_TOKEN_SECONDS } from '../oauth/lifetimes.ts';
import { consentTokenResponse } from './consent-token.ts';
import { IdTokens } from './id-tokens.ts';
import type { GrantRequest, TokenResponse } from './token.service.ts';

/** Redeems a backchannel request for the only token of its consent. */
@Injectable()
export class CibaPaymentGrant {
  readonly #log = new Logger('token');

  constructor(
    private readonly authorisations: Authorisations,
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly idTokens: IdTokens,
    private readonly envelope: Envelope,
  ) {}

  /** @throws DomainError `grant.denied`, `grant.invalid`, `service.key-missing` */
  async issue({ client, binding }: GrantRequest, asked: AskedPayment): Promise<TokenResponse> {
    const now = this.clock.now();
    const token = newOpaqueToken();
    const redeemed = await redeemRequest(this.database, {
      ...asked,
      requestObjectSealed: await this.#openForEvidence(asked),
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

  /** The client's signed request as the evidence has it. Nothing is redeemed where the row leads to a consent that another request asked for. */
  async #openForEvidence(asked: AskedPayment): Promise<Buffer> {
    const found = await findPaymentRequest(this.database, asked);
    const key = found && (await this.envelope.findDataKey(this.database, found.subject));
    const jwt = key && openPaymentRequest(key, asked, found.sealed);
    if (!key || jwt === undefined) {
      this.#log.error(
        `consent ${asked.consentId}: the request that leads to it is not the one that asked for it; no token is given`,
      );
      throw new DomainError('grant.invalid', { detail: 'The consent is not what was asked for.' });
    }
    return sealRequestObject(key, asked.consentId, jwt);
  }

  /** Refuses a consent that is not as it was signed, or was signed for another client; the token made for it is never issued. */
  async #checkSigned(redeemed: RedeemedRequest, clientId: ClientId): Promise<RedeemedRequest & Grant> {
    const signed = await this.authorisations.findGrantOf(redeemed, clientId);
    if (!signed) throw new DomainError('grant.invalid', { detail: 'The consent is not as it was signed.' });
    return signed;
  }
}
