import { parseChannel, type Channel } from '../../payment/channel.ts';
import type { ClientId, InteractionId, LoginId } from '../../kernel/ids.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { execute, maybeRow, type Scope, type Tx } from '../../database/database.ts';
import {
  bool,
  instant,
  int,
  optionalBytes,
  optionalInstant,
  optionalText,
  text,
  type Row,
} from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import type { WrappedKey } from '../../vault/wrapped-key.ts';
import type { Login, LoginEndReason, LoginState } from '../login.ts';

/** Of a row `l` of login, for {@link parseLogin}. */
export const LOGIN_COLUMNS = `l.id, l.client_id, l.client_name, l.way, l.call_initiator, l.interaction_id, l.scopes, l.claims, l.nonce,
    l.binding_message, l.bound_payer_hash is not null as bound, l.state, l.reason, l.failed_attempts, l.created_at, l.expires_at,
    l.ended_at`;

/** A login as it is asked for, with what is stored beside it. */
export interface NewLogin {
  readonly login: Login;
  /** RFC 8785. */
  readonly claimsText: string | undefined;
  readonly boundPayerHash: Buffer | undefined;
  readonly loginHintSealed: Buffer | undefined;
  readonly dataKey: WrappedKey;
  /** `login.requested`, as text. */
  readonly event: string;
}

/** A login comes to exist with its data key and its first event. It writes login, data_key and audit_event. */
const INSERT_LOGIN = statement(
  'login.insertLogin',
  `with new_login as (
     insert into login (id, client_id, client_name, way, call_initiator, interaction_id, scopes, claims, nonce, binding_message,
                        bound_payer_hash, login_hint_sealed, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)),
   new_key as (insert into data_key (key_id, subject, kek_id, wrapped) values ($15, $16, $17, $18))
   insert into audit_event (subject, event) values ($16, $19)`,
);

export async function insertLogin(tx: Tx, { login, dataKey, event, ...rest }: NewLogin): Promise<void> {
  await execute(tx, INSERT_LOGIN, [
    login.loginId,
    login.clientId,
    login.clientName,
    login.channel.way,
    login.channel.way === 'phone' ? login.channel.callInitiator : null,
    login.interactionId ?? null,
    login.scopes,
    rest.claimsText ?? null,
    login.nonce ?? null,
    login.bindingMessage ?? null,
    rest.boundPayerHash ?? null,
    rest.loginHintSealed ?? null,
    login.createdAt,
    login.expiresAt,
    dataKey.keyId,
    dataKey.subject,
    dataKey.kekId,
    dataKey.wrapped,
    event,
  ]);
}

const FIND_LOGIN = statement('login.findLogin', `select ${LOGIN_COLUMNS} from login l where l.id = $1`);

export async function findLogin(scope: Scope, loginId: LoginId): Promise<Login | undefined> {
  return maybeRow(scope, FIND_LOGIN, [loginId], parseLogin);
}

const END_LOGIN = statement(
  'login.endLogin',
  `update login set state = $2, reason = $3, ended_at = $4 where id = $1 and state = 'awaiting'`,
);

/** awaiting → rejected or cancelled. False if it has ended. */
export async function endLogin(
  tx: Tx,
  loginId: LoginId,
  end: { readonly state: 'rejected' | 'cancelled'; readonly reason: LoginEndReason },
  now: Date,
): Promise<boolean> {
  return (await execute(tx, END_LOGIN, [loginId, end.state, end.reason, now])) === 1;
}

/** What settling an order needs of its login. */
export interface FoundForSettlement {
  readonly login: Login;
  readonly loginHintSealed: Buffer | undefined;
  /** How often BankID was asked. */
  readonly attempts: number;
  /** Whether the nonce of this attempt came back. */
  readonly nonceReturned: boolean;
}

const FIND_FOR_SETTLEMENT = statement(
  'login.findForSettlement',
  `select ${LOGIN_COLUMNS}, l.login_hint_sealed, attempts.*
     from login l
    cross join lateral (select count(*) as attempts, coalesce(bool_or(a.id = $2 and a.returned_at is not null), false) as returned
                          from login_attempt a where a.login_id = l.id) attempts
    where l.id = $1`,
);

export async function findForSettlement(
  scope: Scope,
  { loginId, attemptId }: { readonly loginId: LoginId; readonly attemptId: string },
): Promise<FoundForSettlement | undefined> {
  return maybeRow(scope, FIND_FOR_SETTLEMENT, [loginId, attemptId], (row) => ({
    login: parseLogin(row),
    loginHintSealed: optionalBytes(row, 'login_hint_sealed'),
    attempts: int(row, 'attempts'),
    nonceReturned: bool(row, 'returned'),
  }));
}

export function parseLogin(row: Row): Login {
  return {
    loginId: text(row, 'id') as LoginId,
    clientId: text(row, 'client_id') as ClientId,
    clientName: text(row, 'client_name'),
    channel: channelOf(row),
    interactionId: optionalText(row, 'interaction_id') as InteractionId | undefined,
    scopes: row['scopes'] as readonly string[],
    claims: parseClaims(optionalText(row, 'claims')),
    nonce: optionalText(row, 'nonce'),
    bindingMessage: optionalText(row, 'binding_message'),
    payer: bool(row, 'bound') ? 'bound' : 'unbound',
    state: text(row, 'state') as LoginState,
    reason: optionalText(row, 'reason') as LoginEndReason | undefined,
    failedAttempts: int(row, 'failed_attempts'),
    createdAt: instant(row, 'created_at'),
    expiresAt: instant(row, 'expires_at'),
    endedAt: optionalInstant(row, 'ended_at'),
  };
}

/** It was written as RFC 8785 text of an object. */
function parseClaims(claims: string | undefined): JsonObject | undefined {
  return claims === undefined ? undefined : (JSON.parse(claims) as JsonObject);
}

function channelOf(row: Row): Channel {
  const callInitiator = optionalText(row, 'call_initiator');
  return parseChannel({ way: text(row, 'way'), ...(callInitiator !== undefined && { callInitiator }) }, '');
}
