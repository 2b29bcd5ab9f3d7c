import type { Grant } from '../../consent/consent.ts';
import { tokenTypeOf, type TokenBinding } from '../../client-auth/token-binding.ts';
import { SECOND_MS } from '../../kernel/clock.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { IdTokens } from './id-tokens.ts';
import type { TokenResponse } from './token.service.ts';

/** A grant that was just redeemed, whose authorisation is what was signed. */
export interface RedeemedGrant extends Grant {
  readonly tokenExpiresAt: Date;
  readonly isOpenId: boolean;
  readonly nonce: string | undefined;
}

/** The granted details, with the consent's id. @see RFC 9396 §7, §9.2 */
export function grantedDetails(grant: Pick<Grant, 'consentId' | 'initiation'>): readonly JsonObject[] {
  return [{ ...grant.initiation, consent_id: grant.consentId }];
}

/** The token of a consent, as its client is given it. */
export async function consentTokenResponse(
  idTokens: IdTokens,
  redeemed: RedeemedGrant,
  { token, binding, now }: { readonly token: string; readonly binding: TokenBinding; readonly now: Date },
): Promise<TokenResponse> {
  return {
    ...(redeemed.isOpenId && { id_token: await idTokens.issue(redeemed, redeemed.nonce, now) }),
    access_token: token,
    token_type: tokenTypeOf(binding),
    expires_in: Math.floor((redeemed.tokenExpiresAt.getTime() - now.getTime()) / SECOND_MS),
    consent_id: redeemed.consentId,
    evidence_digest: redeemed.evidenceDigest.toString('base64url'),
    authorization_details: grantedDetails(redeemed),
  };
}
