import type { Grant } from '../../consent/consent.ts';
import { parseGrant } from '../../consent/grant-row.ts';
import type { ClientId } from '../../kernel/ids.ts';
import type { Scope } from '../../platform/database.ts';
import { bytes, instant, type Row } from '../../platform/rows.ts';
import { parseBinding } from '../../tpp/parse-binding.ts';
import { burnJtiAndQuery, type ReplayEntry } from '../../tpp/replay.ts';
import type { TokenBinding } from '../../tpp/token-binding.ts';

/** All that a bank learns of a token, but for the payer, who is still sealed. */
export interface TokenFacts extends Grant {
  readonly binding: TokenBinding;
  readonly issuedAt: Date;
  readonly tokenExpiresAt: Date;
  readonly payerSealed: Buffer;
}

/** The live token of an authorised consent of this bank; it uses up the bank's assertion in the same statement. */
export async function findTokenFacts(
  scope: Scope,
  assertion: ReplayEntry | undefined,
  tokenHash: Buffer,
  bank: ClientId,
  now: Date,
): Promise<TokenFacts | undefined> {
  return burnJtiAndQuery(
    scope,
    assertion,
    `select c.id, c.client_id, c.bank, c.initiation, c.expires_at, t.jkt, t.x5t, t.issued_at, t.expires_at as token_expires_at,
            a.evidence_id, a.evidence_digest, a.payer_subject, a.payer_sealed, a.signed_at, a.authorised_at
       from access_token t
       join consent c on c.id = t.consent_id and c.live_token_hash = t.token_hash
       join authorisation a on a.consent_id = c.id
      where t.token_hash = $3 and t.kind = 'consent' and t.revoked_at is null and t.expires_at > $5
        and c.bank = $4 and c.state = 'authorised' and c.expires_at > $5`,
    [tokenHash, bank, now],
    parseFacts,
  );
}

function parseFacts(row: Row): TokenFacts {
  return {
    ...parseGrant(row),
    binding: parseBinding(row),
    issuedAt: instant(row, 'issued_at'),
    tokenExpiresAt: instant(row, 'token_expires_at'),
    payerSealed: bytes(row, 'payer_sealed'),
  };
}
