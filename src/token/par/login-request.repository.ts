import { execute, maybeRow, type Scope, type Tx } from '../../database/database.ts';
import { statement } from '../../database/statement.ts';
import type { ClientId, LoginId } from '../../kernel/ids.ts';
import { type LinkedInteraction, parseLinked } from './authorization-request.repository.ts';
import { parseStoredPush, PUSHED_COLUMNS, type StoredLoginPush } from './sealed-login-push.ts';

/** A pushed authorization request for a login. */
export interface LoginRequestRow {
  readonly loginId: LoginId;
  readonly clientId: ClientId;
  readonly requestUriHash: Buffer;
  readonly redirectUri: string;
  readonly state: string | undefined;
  readonly codeChallenge: string;
  readonly dpopJkt: string | undefined;
  /** Names the signed request; no other push of a login has the same. */
  readonly requestObjectJtiHash: Buffer | undefined;
  /** All that was pushed, sealed for the login. */
  readonly requestSealed: Buffer;
  readonly pushedAt: Date;
  readonly expiresAt: Date;
}

/** The unique index that keeps a signed request from being pushed twice. */
export const ONE_LOGIN_JTI = 'login_request_of_one_jti';

const INSERT_LOGIN_REQUEST = statement(
  'token.insertLoginRequest',
  `insert into login_request (login_id, client_id, request_uri_hash, redirect_uri, state, code_challenge, dpop_jkt,
                              request_object_jti_hash, request_sealed, pushed_at, expires_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
);

export async function insertLoginRequest(tx: Tx, request: LoginRequestRow): Promise<void> {
  await execute(tx, INSERT_LOGIN_REQUEST, [
    request.loginId,
    request.clientId,
    request.requestUriHash,
    request.redirectUri,
    request.state ?? null,
    request.codeChallenge,
    request.dpopJkt ?? null,
    request.requestObjectJtiHash ?? null,
    request.requestSealed,
    request.pushedAt,
    request.expiresAt,
  ]);
}

const FIND_LOGIN_INTERACTION = statement(
  'token.findLoginInteraction',
  `select l.interaction_id, r.redirect_uri, r.used_at is null and r.expires_at > $3 as is_open
     from login_request r join login l on l.id = r.login_id
    where r.request_uri_hash = $1 and r.client_id = $2`,
);

/** The interaction of a request of this client. */
export async function findLoginInteraction(
  scope: Scope,
  requestUriHash: Buffer,
  clientId: string,
  now: Date,
): Promise<LinkedInteraction | undefined> {
  return maybeRow(scope, FIND_LOGIN_INTERACTION, [requestUriHash, clientId, now], parseLinked);
}

const USE_LOGIN_REQUEST = statement(
  'token.useLoginRequest',
  `update login_request r set used_at = coalesce(used_at, $2)
    where login_id = $1
   returning ${PUSHED_COLUMNS}`,
);

/** Uses up the request_uri when there is nothing to issue a code for. */
export async function useLoginRequest(scope: Scope, loginId: LoginId, now: Date): Promise<StoredLoginPush | undefined> {
  return maybeRow(scope, USE_LOGIN_REQUEST, [loginId, now], parseStoredPush);
}
