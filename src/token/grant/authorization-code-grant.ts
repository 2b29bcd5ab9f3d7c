import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.ts';
import { Consents } from '../../consent/consents.ts';
import { RequestObjects } from '../../evidence/request-objects.ts';
import { addMs, SECOND_MS, type Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { ClientId } from '../../kernel/ids.ts';
import { consentSubject } from '../../kernel/subject.ts';
import { CLOCK } from '../../platform/clock.ts';
import { Database, type Tx } from '../../platform/database.ts';
import { hashToken, insertAccessToken, newOpaqueToken, revokeTokensOfConsent } from '../../tpp/access-tokens.ts';
import { tokenTypeOf } from '../../tpp/token-binding.ts';
import { challengeOfVerifier } from '../checks/check-pkce.ts';
import { findRedeemed, redeemCode, type Redemption } from '../par/authorization-request.repository.ts';
import { grantedDetails } from './granted-details.ts';
import { IdTokens } from './id-tokens.ts';
import { ACCESS_TOKEN_SECONDS } from './lifetimes.ts';
import type { GrantRequest, TokenResponse } from './token.service.ts';

/** A code for the one token of a consent. @see RFC 6749 §4.1.3; FAPI 2.0 Security Profile §5.3.2.2 */
@Injectable()
export class AuthorizationCodeGrant {
  readonly #consents: Consents;
  readonly #audit: AuditTrail;
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #idTokens: IdTokens;
  readonly #requestObjects: RequestObjects;

  constructor(
    consents: Consents,
    audit: AuditTrail,
    database: Database,
    @Inject(CLOCK) clock: Clock,
    idTokens: IdTokens,
    requestObjects: RequestObjects,
  ) {
    this.#consents = consents;
    this.#audit = audit;
    this.#database = database;
    this.#clock = clock;
    this.#idTokens = idTokens;
    this.#requestObjects = requestObjects;
  }

  /**
   * A wrong client, redirect URI, verifier or key leaves the code as it is: it may still be the right one's.
   * @throws DomainError `grant.invalid`; `oauth.unauthorized-client` for other roles than TPPs
   */
  async issue({ form, client, binding, proofs }: GrantRequest): Promise<TokenResponse> {
    if (client.role !== 'tpp') throw new DomainError('oauth.unauthorized-client');
    const redemption: Redemption = {
      codeHash: hashToken(form.get('code')),
      clientId: client.id,
      redirectUri: form.get('redirect_uri'),
      codeChallenge: challengeOfVerifier(form),
      binding,
      now: this.#clock.now(),
    };
    const answer = await proofs.spend((tx) => this.#redeem(tx, redemption));
    if (answer) return answer;
    await this.#revokeIfUsed(redemption.codeHash, client.id);
    throw invalidGrant();
  }

  async #redeem(tx: Tx, redemption: Redemption): Promise<TokenResponse | undefined> {
    const redeemed = await redeemCode(tx, redemption);
    if (!redeemed) return undefined;
    const { consentId } = redeemed;
    const token = newOpaqueToken();
    const hash = hashToken(token);
    const { clientId, binding, now } = redemption;
    // Refused where the consent was revoked or has expired since: the redemption is rolled back, and the code dies of age.
    const grant = await this.#consents.bindToken(tx, consentId, hash, addMs(now, ACCESS_TOKEN_SECONDS * SECOND_MS));
    const { bank, tokenExpiresAt: expiresAt } = grant;
    await insertAccessToken(tx, {
      kind: 'consent',
      hash,
      clientId,
      bank,
      consentId,
      binding,
      issuedAt: now,
      expiresAt,
    });
    if (redeemed.requestObjectSealed) {
      await this.#requestObjects.attach(tx, grant.evidenceId, redeemed.requestObjectSealed);
    }
    await this.#audit.appendEvent(tx, consentSubject(bank, consentId), {
      type: 'token.issued',
      at: now,
      actor: clientId,
      detail: {},
    });
    return {
      ...(redeemed.isOpenId && { id_token: await this.#idTokens.issue(grant, redeemed.nonce, now) }),
      access_token: token,
      token_type: tokenTypeOf(binding),
      expires_in: Math.floor((expiresAt.getTime() - now.getTime()) / SECOND_MS),
      consent_id: consentId,
      evidence_digest: grant.evidenceDigest.toString('base64url'),
      authorization_details: grantedDetails(grant),
    };
  }

  /** Its own client, authenticated, shows a code that was used: the code has leaked, and whatever came of it dies. */
  async #revokeIfUsed(codeHash: Buffer, clientId: ClientId): Promise<void> {
    const consentId = await findRedeemed(this.#database, codeHash, clientId);
    if (consentId === undefined) return;
    await this.#database.inTransaction(async (tx) => {
      const isRevoked = await this.#consents.revokeForReusedCode(tx, consentId, clientId);
      // The consent was consumed or had ended before: its token opens nothing any more, and yet it dies.
      if (!isRevoked) await revokeTokensOfConsent(tx, consentId, this.#clock.now());
    });
  }
}

function invalidGrant(): DomainError {
  return new DomainError('grant.invalid', { detail: 'The code is unknown, expired, used or not for this request.' });
}
