import type { AuthorisationRow, ConsentRow, TokenRow } from '../compared-rows.repository.ts';
import { compare, type Difference } from './difference.ts';

/** Compares the tokens of a consent with what was signed and with its end. Expired tokens have been deleted. */
export function compareTokens(
  consent: ConsentRow,
  signed: AuthorisationRow | undefined,
  tokens: readonly TokenRow[],
): readonly Difference[] {
  return tokens.flatMap((token) => {
    if (!signed) return [{ column: 'access_token.consent_id', problem: 'differs' } as const];
    // A consent has at most one token; revocation removes it from the consent's row.
    const isOwn = consent.liveTokenHash?.equals(token.hash) ?? token.isRevoked;
    return [
      ...compare('access_token.kind', token.kind, 'consent'),
      ...compare('access_token.consent_id', token.consentId, consent.consentId),
      ...compare('access_token.client_id', token.clientId, signed.clientId),
      ...compare('access_token.bank', token.bank, signed.bank),
      ...(isOwn ? [] : [{ column: 'access_token.token_hash', problem: 'differs' } as const]),
      ...(consent.endedAt && !token.isRevoked
        ? [{ column: 'access_token.revoked_at', problem: 'missing' } as const]
        : []),
    ];
  });
}
