import type { ClientId, ConsentId } from '../../kernel/ids.ts';
import { execute, maybeRow, type Scope, type Tx } from '../../platform/database.ts';
import { bytes, instant, optionalText, text, type Row } from '../../platform/rows.ts';
import type { AccessToken } from '../access-tokens.ts';
import { parseBinding } from '../parse-binding.ts';

export async function insertAccessToken(tx: Scope, token: AccessToken): Promise<void> {
  await execute(
    tx,
    `insert into access_token (token_hash, kind, client_id, bank, scope, consent_id, jkt, x5t, issued_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      token.hash,
      token.kind,
      token.clientId,
      token.bank ?? null,
      token.kind === 'machine' ? token.scope : null,
      token.kind === 'consent' ? token.consentId : null,
      token.binding.kind === 'dpop' ? token.binding.jkt : null,
      token.binding.kind === 'certificate' ? token.binding.x5t : null,
      token.issuedAt,
      token.expiresAt,
    ],
  );
}

/** Undefined for unknown, revoked and expired tokens alike. */
export async function findLiveAccessToken(scope: Scope, hash: Buffer, now: Date): Promise<AccessToken | undefined> {
  return maybeRow(
    scope,
    `select token_hash, kind, client_id, bank, scope, consent_id, jkt, x5t, issued_at, expires_at
       from access_token
      where token_hash = $1 and revoked_at is null and expires_at > $2`,
    [hash, now],
    parseToken,
  );
}

/** Ends a token of this client; nothing when it is another's, or ended before. */
export async function revokeAccessToken(tx: Tx, hash: Buffer, clientId: ClientId, now: Date): Promise<void> {
  await execute(
    tx,
    'update access_token set revoked_at = $3 where token_hash = $1 and client_id = $2 and revoked_at is null',
    [hash, clientId, now],
  );
}

export async function revokeTokensOfConsent(tx: Tx, consentId: ConsentId, now: Date): Promise<number> {
  return execute(tx, 'update access_token set revoked_at = $2 where consent_id = $1 and revoked_at is null', [
    consentId,
    now,
  ]);
}

/** Revokes up to `limit` live tokens of any kind that were issued before `before`; says how many. */
export async function revokeTokensIssuedBefore(scope: Scope, before: Date, now: Date, limit: number): Promise<number> {
  return execute(
    scope,
    `update access_token set revoked_at = $2
      where revoked_at is null
        and token_hash in (select token_hash from access_token
                            where revoked_at is null and expires_at > $2 and issued_at < $1
                            order by token_hash limit $3 for update)`,
    [before, now, limit],
  );
}

/** Ten thousand at a time; a locked row waits for the next time. */
export async function deleteExpiredTokens(scope: Scope, before: Date): Promise<number> {
  return execute(
    scope,
    `delete from access_token
      where token_hash in (select token_hash from access_token where expires_at < $1
                            order by expires_at limit 10000 for update skip locked)`,
    [before],
  );
}

function parseToken(row: Row): AccessToken {
  const facts = {
    hash: bytes(row, 'token_hash'),
    clientId: text(row, 'client_id') as ClientId,
    binding: parseBinding(row),
    issuedAt: instant(row, 'issued_at'),
    expiresAt: instant(row, 'expires_at'),
  };
  return text(row, 'kind') === 'consent'
    ? {
        ...facts,
        kind: 'consent',
        bank: text(row, 'bank') as ClientId,
        consentId: text(row, 'consent_id') as ConsentId,
      }
    : { ...facts, kind: 'machine', bank: optionalText(row, 'bank') as ClientId | undefined, scope: text(row, 'scope') };
}
