import type { Grant } from '../../consent/consent.ts';
import { tokenTypeOf, type TokenBinding } from '../../client-auth/token-binding.ts';
import { SECOND_MS } from '../../kernel/clock.ts';
import { grantedDetails } from './granted-details.ts';
import type { IdTokens } from './id-tokens.ts';
import type { TokenResponse } from './token.service.ts';

/** A grant that was just redeemed, whose authorisation is what was signed. */
export interface RedeemedGrant extends Grant {
  readonly tokenExpiresAt: Date;
  readonly isOpenId: boolean;
  readonly nonce: string | undefined;
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
