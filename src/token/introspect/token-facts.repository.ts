import type { StoredGrant } from '../../consent/consent.ts';
import { subjectOf } from '../../consent/consents.ts';
import { parseGrant } from '../../consent/grant-row.ts';
import type { ClientId } from '../../kernel/ids.ts';
import { consentSubject } from '../../kernel/subject.ts';
import { rows, type Scope } from '../../database/database.ts';
import { parseWrappedKey, type WrappedKey } from '../../vault/wrapped-key.ts';
import { bool, bytes, instant, type Row } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import { parseBinding, type TokenBinding } from '../../client-auth/token-binding.ts';

/** One token that a bank asks about. */
export interface TokenQuery {
  readonly tokenHash: Buffer;
  readonly bank: ClientId;
  readonly now: Date;
}

/** All that a bank learns of a token, as the rows say it; the payer is still sealed. */
export interface TokenFacts extends StoredGrant {
  readonly binding: TokenBinding;
  readonly issuedAt: Date;
  readonly tokenExpiresAt: Date;
  readonly payerSealed: Buffer;
  /** Undefined where the consent's data was erased. */
  readonly dataKey: WrappedKey | undefined;
}

const SUBJECT = subjectOf('f');

/**
 * The live token of an authorised consent that was signed for the bank that asks. Each is looked up for itself, by its key. The arrays come by way of selects, so that their lengths are nothing to it: one plan serves all.
 */
const FIND_TOKEN_FACTS = statement(
  'token.findTokenFacts',
  `  select f.id is not null as live, f.id, f.client_id, f.bank, f.environment, f.initiation, f.payment_mac, f.expires_at, f.jkt, f.x5t,
         f.issued_at, f.token_expires_at, f.evidence_id, f.evidence_digest, f.payer_subject, f.payer_sealed, f.signed_at,
         f.authorised_at, k.key_id, k.kek_id, k.wrapped
    from unnest((select $1::bytea[]), (select $2::text[]), (select $3::timestamptz[]))
           with ordinality as query (token_hash, bank, now, place)
    left join lateral (
      select c.id, c.expires_at, t.jkt, t.x5t, t.issued_at, t.expires_at as token_expires_at, a.client_id, a.bank, a.environment,
             a.initiation, a.payment_mac, a.evidence_id, a.evidence_digest, a.payer_subject, a.payer_sealed, a.signed_at,
             a.authorised_at
        from access_token t
        join consent c on c.id = t.consent_id and c.live_token_hash = t.token_hash
        join authorisation a on a.consent_id = c.id
       where t.token_hash = query.token_hash and a.bank = query.bank
         and t.kind = 'consent' and t.revoked_at is null and t.expires_at > query.now
         and c.state = 'authorised' and c.expires_at > query.now
       limit 1) f on true
    left join lateral (
      select d.key_id, d.kek_id, d.wrapped
        from data_key d
       where d.subject = ${SUBJECT}
       order by d.wrapped_at desc
       limit 1) k on true
   order by query.place`,
);

/** The answers in the order of the questions; undefined for what is not live, or not this bank's. */
export function findTokenFacts(
  scope: Scope,
  queries: readonly TokenQuery[],
): Promise<readonly (TokenFacts | undefined)[]> {
  const columns = [
    queries.map(({ tokenHash }) => tokenHash),
    queries.map(({ bank }) => bank),
    queries.map(({ now }) => now),
  ];
  return rows(scope, FIND_TOKEN_FACTS, columns, parseFacts);
}

function parseFacts(row: Row): TokenFacts | undefined {
  if (!bool(row, 'live')) return undefined;
  const grant = parseGrant(row);
  return {
    ...grant,
    binding: parseBinding(row),
    issuedAt: instant(row, 'issued_at'),
    tokenExpiresAt: instant(row, 'token_expires_at'),
    payerSealed: bytes(row, 'payer_sealed'),
    dataKey: parseWrappedKey(row, consentSubject(grant.bank, grant.consentId)),
  };
}
