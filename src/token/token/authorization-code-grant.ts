import { Inject, Injectable } from '@nestjs/common';
import { eventText } from '../../audit/audit-trail.ts';
import { Authorisations } from '../../consent/authorisations.ts';
import type { Grant } from '../../consent/consent.ts';
import { Consents } from '../../consent/consents.ts';
import { addMs, SECOND_MS, type Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { ClientId, ConsentId } from '../../kernel/ids.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database } from '../../database/database.ts';
import { lookupKeyMissing } from '../../vault/envelope.ts';
import { hashToken, newOpaqueToken, revokeTokensOfConsent } from '../../client-auth/access-tokens.ts';
import { challengeOfVerifier } from '../oauth/check-pkce.ts';
import { codeRefused, type PresentedCode } from '../codes/code-fault.ts';
import { findCodeFault, redeemCode, type Redeemed } from '../codes/redemption.repository.ts';
import { consentTokenResponse } from './consent-token.ts';
import { IdTokens } from './id-tokens.ts';
import { ACCESS_TOKEN_SECONDS } from '../oauth/lifetimes.ts';
import type { GrantRequest, TokenResponse } from './token.service.ts';

/** Redeems a code for the only token of a consent. @see RFC 6749 §4.1.3; FAPI 2.0 Security Profile §5.3.2.2 */
@Injectable()
export class AuthorizationCodeGrant {
  constructor(
    private readonly consents: Consents,
    private readonly authorisations: Authorisations,
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly idTokens: IdTokens,
  ) {}

  /**
   * A wrong client, redirect URI, verifier or key leaves the code valid for the rightful client.
   * @throws DomainError `grant.invalid`; `service.key-missing`; `oauth.unauthorized-client` for other roles than TPPs
   */
  async issue({ form, client, binding }: GrantRequest): Promise<TokenResponse> {
    if (client.role !== 'tpp') throw unauthorizedClient();
    const token = newOpaqueToken();
    const now = this.clock.now();
    const presented: PresentedCode = {
      codeHash: hashToken(form.get('code')),
      clientId: client.id,
      redirectUri: form.getText('redirect_uri'),
      codeChallenge: challengeOfVerifier(form),
      binding,
      now,
    };
    const redeemed = await redeemCode(this.database, {
      ...presented,
      lookupKeyIds: this.authorisations.keyIds,
      tokenHash: hashToken(token),
      tokenExpiresAt: addMs(now, ACCESS_TOKEN_SECONDS * SECOND_MS),
      event: eventText({ type: 'token.issued', at: now, actor: client.id, detail: {} }),
    });
    if (redeemed === 'consent') throw consentEnded();
    if (redeemed === 'key') throw lookupKeyMissing();
    if (redeemed !== 'code') {
      const signed = await this.#checkSigned(redeemed, client.id);
      return consentTokenResponse(this.idTokens, signed, { token, binding, now });
    }
    throw await this.#refuse(presented);
  }

  /** Refuses a consent that is not as it was signed, or was signed for another client; the token made for it is never issued. */
  async #checkSigned(redeemed: Redeemed, clientId: ClientId): Promise<Redeemed & Grant> {
    const signed = await this.authorisations.findGrantOf(redeemed, clientId);
    if (!signed) throw codeRefused(undefined);
    return signed;
  }

  /** If the authenticated client presents a used code, the code has leaked, so its token and consent are revoked. */
  async #refuse(presented: PresentedCode): Promise<DomainError> {
    const found = await findCodeFault(this.database, presented);
    if (found?.fault === 'used') await this.#revokeUsed(found.consentId, presented.clientId);
    return codeRefused(found?.fault);
  }

  async #revokeUsed(consentId: ConsentId, clientId: ClientId): Promise<void> {
    await this.database.inTransaction(async (tx) => {
      const isRevoked = await this.consents.revokeForReusedCode(tx, consentId, clientId);
      // The consent was consumed or had ended before: its token is useless, but is revoked all the same.
      if (!isRevoked) await revokeTokensOfConsent(tx, consentId, this.clock.now());
    });
  }
}

/** Revoked or expired since the code was issued; the code will expire. */
function consentEnded(): DomainError {
  return new DomainError('grant.invalid', { detail: 'The consent is no longer authorised.' });
}

function unauthorizedClient(): DomainError {
  return new DomainError('oauth.unauthorized-client', { detail: 'A client of this role has no codes.' });
}
