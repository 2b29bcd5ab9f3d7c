import { issueOnce } from '../../../client-auth/access-tokens.ts';
import { bindingColumns, type TokenBinding } from '../../../client-auth/token-binding.ts';
import { maybeRow, type Scope } from '../../../database/database.ts';
import { bool, bytes, optionalText, type Row } from '../../../database/rows.ts';
import { statement } from '../../../database/statement.ts';
import type { ClientId, LoginId } from '../../../kernel/ids.ts';

/** What a client must present with an auth_req_id, all of it compared in the statement, and the token that it gets. */
export interface LoginRequestRedemption {
  readonly authReqIdHash: Buffer;
  readonly clientId: ClientId;
  /** A request is redeemed only if its authentication can be read: a missing key must not cost the client its token. */
  readonly lookupKeyIds: readonly string[];
  readonly tokenHash: Buffer;
  readonly binding: TokenBinding;
  readonly tokenExpiresAt: Date;
  /** An earlier authentication is too old. */
  readonly authenticatedAfter: Date;
  readonly now: Date;
  /** `token.issued`, as text. */
  readonly event: string;
}

/** As its row says: the caller opens what is sealed before it believes it. */
export interface RedeemedLoginRequest {
  readonly loginId: LoginId;
  readonly requestSealed: Buffer;
}

/** A request that is bound to a key or a certificate is redeemed with nothing else. */
const FITS = `r.auth_req_id_hash = $1 and r.client_id = $2::text and num_nonnulls(r.redeemed_at, r.refused_at) = 0
  and (num_nonnulls(r.jkt, r.x5t) = 0 or r.jkt = $4::text or r.x5t = $5::text)`;

/**
 * The redemption of a login's request is one statement. It writes backchannel_request, access_token and audit_event. Of all who try at
 * the same time, the first to lock the row of the request gets the token; a ping that was not sent yet is not needed any more.
 */
const REDEEM_LOGIN_REQUEST = statement(
  'token.redeemLoginRequest',
  `with redeemed as (
     update backchannel_request r set redeemed_at = $7::timestamptz, ping_sealed = null, ping_due_at = null
       from login l join authentication a on a.login_id = l.id
      where ${FITS} and l.id = r.login_id and l.state = 'authenticated' and a.authenticated_at > $9::timestamptz
        and a.lookup_key_id = any ($10::text[])
     returning r.login_id, r.request_object_sealed, a.client_id, array_to_string(l.scopes, ' ') as scope),
   new_token as (
     insert into access_token (token_hash, kind, client_id, scope, login_id, jkt, x5t, issued_at, expires_at)
     select $3::bytea, 'login', client_id, scope, login_id, $4::text, $5::text, $7::timestamptz, $6::timestamptz
       from redeemed),
   new_event as (
     insert into audit_event (subject, event) select 'login:' || client_id || ':' || login_id, $8::text from redeemed)
   select (select login_id from redeemed) as login_id, (select request_object_sealed from redeemed) as request_object_sealed,
          exists (select from backchannel_request r join authentication a on a.login_id = r.login_id
                   where ${FITS} and a.lookup_key_id <> all ($10::text[])) as key_missing`,
);

/** Redeems a request for the one token of its login. `key`: a look-up key is missing; undefined: there is nothing to redeem. */
export async function redeemLoginRequest(
  scope: Scope,
  redemption: LoginRequestRedemption,
): Promise<RedeemedLoginRequest | 'key' | undefined> {
  const values = [
    redemption.authReqIdHash,
    redemption.clientId,
    redemption.tokenHash,
    ...bindingColumns(redemption.binding),
    redemption.tokenExpiresAt,
    redemption.now,
    redemption.event,
    redemption.authenticatedAfter,
    redemption.lookupKeyIds,
  ];
  return issueOnce(() => maybeRow(scope, REDEEM_LOGIN_REQUEST, values, parseRedeemed), undefined);
}

function parseRedeemed(row: Row): RedeemedLoginRequest | 'key' | undefined {
  if (bool(row, 'key_missing')) return 'key';
  const loginId = optionalText(row, 'login_id') as LoginId | undefined;
  return loginId && { loginId, requestSealed: bytes(row, 'request_object_sealed') };
}
