import type { StoredGrant } from '../../consent/consent.ts';
import { subjectOf } from '../../consent/consents.ts';
import { parseGrant } from '../../consent/grant-row.ts';
import type { ClientId } from '../../kernel/ids.ts';
import { consentSubject } from '../../kernel/subject.ts';
import { compose, step } from '../../platform/composition.ts';
import type { Scope } from '../../platform/database.ts';
import type { WrappedKey } from '../../platform/envelope.ts';
import { bool, bytes, instant, text, type Row } from '../../platform/rows.ts';
import { parseBinding } from '../../tpp/parse-binding.ts';
import { usedOf, type ReplayEntry } from '../../tpp/replay.ts';
import type { TokenBinding } from '../../tpp/token-binding.ts';

/** One token that a bank asks about. */
export interface AskedToken {
  readonly tokenHash: Buffer;
  readonly bank: ClientId;
  /** The bank's assertion, which the question uses up. */
  readonly assertion: ReplayEntry | undefined;
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

interface AskedParams {
  readonly token_hashes: readonly Buffer[];
  readonly banks: readonly ClientId[];
  readonly asked_at: readonly Date[];
  readonly proof_hashes: readonly (Buffer | null)[];
  readonly proof_froms: readonly (Date | null)[];
  readonly proof_expiries: readonly (Date | null)[];
}

/**
 * The questions in their order; of two with the same proof, the first has its turn. The arrays come by way of selects, so that
 * their lengths are nothing to the planner: one plan serves all.
 */
const asked = step<AskedParams>(
  'asked',
  `select a.place, a.token_hash, a.bank, a.now, a.jti_hash, a.jti_from, a.jti_expires_at,
          row_number() over (partition by a.jti_hash order by a.place) = 1 as has_turn
     from unnest((select $token_hashes::bytea[]), (select $banks::text[]), (select $asked_at::timestamptz[]),
                 (select $proof_hashes::bytea[]), (select $proof_froms::timestamptz[]), (select $proof_expiries::timestamptz[]))
          with ordinality as a (token_hash, bank, now, jti_hash, jti_from, jti_expires_at, place)`,
);

const SUBJECT = subjectOf('f');

/**
 * The live token of an authorised consent that was signed for the bank that asks; nothing for an assertion that was used before. Each is looked up
 * for itself, by its key, whatever the planner believes of the tables: it does not look into a case, and so takes no partial
 * index for the shorter way.
 */
const answers = compose(
  [asked, usedOf('asked')],
  `select q.jti_hash is not null and (u.jti_hash is null or not q.has_turn) as untaken, f.id is not null as live,
          f.id, f.client_id, f.bank, f.environment, f.initiation, f.payment_mac, f.expires_at, f.jkt, f.x5t, f.issued_at,
          f.token_expires_at, f.evidence_id, f.evidence_digest, f.payer_subject, f.payer_sealed, f.signed_at, f.authorised_at,
          k.key_id, k.kek_id, k.wrapped
     from asked q
     left join used u on u.jti_hash = q.jti_hash
     left join lateral (
       select c.id, c.expires_at, t.jkt, t.x5t, t.issued_at, t.expires_at as token_expires_at, a.client_id, a.bank, a.environment,
              a.initiation, a.payment_mac, a.evidence_id, a.evidence_digest, a.payer_subject, a.payer_sealed, a.signed_at,
              a.authorised_at
         from access_token t
         join consent c on c.id = t.consent_id and c.live_token_hash = t.token_hash
         join authorisation a on a.consent_id = c.id
        where t.token_hash = q.token_hash and a.bank = q.bank
          and case when t.kind = 'consent' then t.revoked_at is null and t.expires_at > q.now end
          and case when c.state = 'authorised' then c.expires_at > q.now end
        limit 1) f on q.jti_hash is null or (u.jti_hash is not null and q.has_turn)
     left join lateral (
       select d.key_id, d.kek_id, d.wrapped from data_key d
        where d.subject = ${SUBJECT}
        order by d.wrapped_at desc limit 1) k on true
    order by q.place`,
);

/** One row for each question, in their order. All assertions are used up in the same statement. */
export function findTokenFacts(scope: Scope, questions: readonly AskedToken[]): Promise<readonly Row[]> {
  return answers.list(scope, {
    token_hashes: questions.map(({ tokenHash }) => tokenHash),
    banks: questions.map(({ bank }) => bank),
    asked_at: questions.map(({ now }) => now),
    proof_hashes: questions.map(({ assertion }) => assertion?.hash ?? null),
    proof_froms: questions.map(({ assertion }) => assertion?.acceptableFrom ?? null),
    proof_expiries: questions.map(({ assertion }) => assertion?.expiresAt ?? null),
  });
}

export function parseFacts(row: Row): TokenFacts | 'untaken' | undefined {
  if (bool(row, 'untaken')) return 'untaken';
  if (!bool(row, 'live')) return undefined;
  const grant = parseGrant(row);
  return {
    ...grant,
    binding: parseBinding(row),
    issuedAt: instant(row, 'issued_at'),
    tokenExpiresAt: instant(row, 'token_expires_at'),
    payerSealed: bytes(row, 'payer_sealed'),
    dataKey: row['key_id'] === null ? undefined : parseKey(row, consentSubject(grant.bank, grant.consentId)),
  };
}

function parseKey(row: Row, subject: string): WrappedKey {
  return { subject, keyId: text(row, 'key_id'), kekId: text(row, 'kek_id'), wrapped: bytes(row, 'wrapped') };
}
