import type { ClientId, ConsentId, LoginId } from '../../kernel/ids.ts';
import { execute, maybeRow, type Scope, type Tx } from '../../database/database.ts';
import { bytes, instant, optionalInstant, optionalText, text, type Row } from '../../database/rows.ts';
import type { AccessToken } from '../access-tokens.ts';
import { bindingColumns, parseBinding } from '../token-binding.ts';
import { statement } from '../../database/statement.ts';

const INSERT_ACCESS_TOKEN = statement(
  'client-auth.insertAccessToken',
  `insert into access_token (token_hash, kind, client_id, bank, scope, consent_id, login_id, jkt, x5t, issued_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
);

export async function insertAccessToken(tx: Scope, token: AccessToken): Promise<void> {
  await execute(tx, INSERT_ACCESS_TOKEN, [
    token.hash,
    token.kind,
    token.clientId,
    token.kind === 'login' ? null : (token.bank ?? null),
    token.kind === 'consent' ? null : token.scope,
    token.kind === 'consent' ? token.consentId : null,
    token.kind === 'login' ? token.loginId : null,
    ...bindingColumns(token.binding),
    token.issuedAt,
    token.expiresAt,
  ]);
}

const FIND_LIVE_ACCESS_TOKEN = statement(
  'client-auth.findLiveAccessToken',
  `select token_hash, kind, client_id, bank, scope, consent_id, login_id, jkt, x5t, issued_at, expires_at
       from access_token
      where token_hash = $1 and revoked_at is null and expires_at > $2`,
);

/** Undefined for unknown, revoked and expired tokens. */
export async function findLiveAccessToken(scope: Scope, hash: Buffer, now: Date): Promise<AccessToken | undefined> {
  return maybeRow(scope, FIND_LIVE_ACCESS_TOKEN, [hash, now], parseToken);
}

const REVOKE_ACCESS_TOKEN = statement(
  'client-auth.revokeAccessToken',
  'update access_token set revoked_at = $3 where token_hash = $1 and client_id = $2 and revoked_at is null',
);

/** Revokes a token of this client; does nothing for another client's token, or a revoked one. */
export async function revokeAccessToken(tx: Tx, hash: Buffer, clientId: ClientId, now: Date): Promise<void> {
  await execute(tx, REVOKE_ACCESS_TOKEN, [hash, clientId, now]);
}

const REVOKE_TOKENS_OF_CONSENT = statement(
  'client-auth.revokeTokensOfConsent',
  `update access_token set revoked_at = $2 where kind = 'consent' and consent_id = $1 and revoked_at is null`,
);

export async function revokeTokensOfConsent(tx: Tx, consentId: ConsentId, now: Date): Promise<number> {
  return execute(tx, REVOKE_TOKENS_OF_CONSENT, [consentId, now]);
}

const REVOKE_TOKEN_OF_LOGIN = statement(
  'client-auth.revokeTokenOfLogin',
  'update access_token set revoked_at = $2 where login_id = $1 and revoked_at is null',
);

/** False if the login has no token, or its token was revoked before. */
export async function revokeTokenOfLogin(tx: Tx, loginId: LoginId, now: Date): Promise<boolean> {
  return (await execute(tx, REVOKE_TOKEN_OF_LOGIN, [loginId, now])) > 0;
}

const REVOKE_TOKENS_ISSUED_BEFORE = statement(
  'client-auth.revokeTokensIssuedBefore',
  `update access_token set revoked_at = $2
      where revoked_at is null
        and token_hash in (select token_hash from access_token
                            where revoked_at is null and expires_at > $2 and issued_at < $1
                            order by token_hash limit $3 for update)`,
);

/** Revokes up to `limit` live tokens of any kind that were issued before `before`; returns how many. */
export async function revokeTokensIssuedBefore(scope: Scope, before: Date, now: Date, limit: number): Promise<number> {
  return execute(scope, REVOKE_TOKENS_ISSUED_BEFORE, [before, now, limit]);
}

const FIND_OLDEST_TOKEN = statement(
  'client-auth.findOldestToken',
  'select min(expires_at) as expires_at from access_token',
);

/** The earliest expiry of the stored tokens; undefined if there are none. */
export async function findOldestToken(scope: Scope): Promise<Date | undefined> {
  return maybeRow(scope, FIND_OLDEST_TOKEN, [], (row) => optionalInstant(row, 'expires_at'));
}

const DELETE_EXPIRED_TOKENS = statement(
  'client-auth.deleteExpiredTokens',
  `delete from access_token
      where token_hash = any(array(select token_hash from access_token where expires_at < $1
                                   order by expires_at limit $2 for update skip locked))`,
);

/** Deletes up to `limit` rows; a locked row is left for the next run. */
export async function deleteExpiredTokens(scope: Scope, before: Date, limit: number): Promise<number> {
  return execute(scope, DELETE_EXPIRED_TOKENS, [before, limit]);
}

function parseToken(row: Row): AccessToken {
  const facts = {
    hash: bytes(row, 'token_hash'),
    clientId: text(row, 'client_id') as ClientId,
    binding: parseBinding(row),
    issuedAt: instant(row, 'issued_at'),
    expiresAt: instant(row, 'expires_at'),
  };
  switch (text(row, 'kind') as AccessToken['kind']) {
    case 'consent':
      return { ...facts, kind: 'consent', bank: bankOf(row), consentId: text(row, 'consent_id') as ConsentId };
    case 'login':
      return { ...facts, kind: 'login', loginId: text(row, 'login_id') as LoginId, scope: text(row, 'scope') };
    case 'machine':
      return { ...facts, kind: 'machine', bank: findBank(row), scope: text(row, 'scope') };
  }
}

const bankOf = (row: Row): ClientId => text(row, 'bank') as ClientId;
const findBank = (row: Row): ClientId | undefined => optionalText(row, 'bank') as ClientId | undefined;
