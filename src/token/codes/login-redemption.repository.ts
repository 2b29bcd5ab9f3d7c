import { issueOnce } from '../../client-auth/access-tokens.ts';
import { bindingColumns } from '../../client-auth/token-binding.ts';
import { CODE_FAULT, faultOf, faultValues, type CodeFault, type PresentedCode } from './code-fault.ts';
import { maybeRow, type Scope } from '../../database/database.ts';
import { bool, bytes, optionalText, text, type Row } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import type { LoginId } from '../../kernel/ids.ts';

/** What a client must present with a code, all of it compared in the statement, and the token that it gets. */
export interface LoginRedemption extends PresentedCode {
  /** A code is redeemed only if its authentication can be read: a missing key must not cost the client its code. */
  readonly lookupKeyIds: readonly string[];
  readonly tokenHash: Buffer;
  readonly tokenExpiresAt: Date;
  /** `token.issued`, as text. */
  readonly event: string;
}

/** As its row says, beside what the statement compared: the caller opens what is sealed before it believes it. */
export interface RedeemedLogin {
  readonly loginId: LoginId;
  readonly requestUriHash: Buffer;
  readonly state: string | undefined;
  readonly dpopJkt: string | undefined;
  readonly requestSealed: Buffer;
}

/** A code that is bound to a DPoP key cannot be redeemed with a certificate. */
const FITS = `r.code_hash = $1 and r.client_id = $2::text and r.code_used_at is null and r.code_expires_at > $9::timestamptz
  and r.redirect_uri = $3 and r.code_challenge = $4 and (r.dpop_jkt is null or r.dpop_jkt = $6::text)`;

/**
 * The redemption of a login's code is one statement. It writes login_request, access_token and audit_event. Of all who try at the same
 * time, the first to lock the row of the request gets the token.
 */
const REDEEM_LOGIN_CODE = statement(
  'token.redeemLoginCode',
  `with redeemed as (
     update login_request r set code_used_at = $9::timestamptz
       from login l join authentication a on a.login_id = l.id
      where ${FITS} and l.id = r.login_id and l.state = 'authenticated' and a.lookup_key_id = any ($11::text[])
     returning r.login_id, r.request_uri_hash, r.state, r.dpop_jkt, r.request_sealed, a.client_id,
               array_to_string(l.scopes, ' ') as scope),
   new_token as (
     insert into access_token (token_hash, kind, client_id, scope, login_id, jkt, x5t, issued_at, expires_at)
     select $5::bytea, 'login', client_id, scope, login_id, $6::text, $7::text, $9::timestamptz, $8::timestamptz
       from redeemed),
   new_event as (
     insert into audit_event (subject, event) select 'login:' || client_id || ':' || login_id, $10::text from redeemed)
   select r.login_id, r.request_uri_hash, r.state, r.dpop_jkt, r.request_sealed,
          exists (select from login_request r join authentication a on a.login_id = r.login_id
                   where ${FITS} and a.lookup_key_id <> all ($11::text[])) as key_missing
     from (values (1)) as always (once) left join redeemed r on true`,
);

/**
 * Redeems a code for the one token of its login. `key`: a look-up key is missing; `issued`: the login has its token already, which the
 * row of a code leads to only if it was altered; undefined: the code is not valid for this request.
 */
export async function redeemLoginCode(
  scope: Scope,
  redemption: LoginRedemption,
): Promise<RedeemedLogin | 'key' | 'issued' | undefined> {
  const values = [
    redemption.codeHash,
    redemption.clientId,
    redemption.redirectUri,
    redemption.codeChallenge,
    redemption.tokenHash,
    ...bindingColumns(redemption.binding),
    redemption.tokenExpiresAt,
    redemption.now,
    redemption.event,
    redemption.lookupKeyIds,
  ];
  return issueOnce(() => maybeRow(scope, REDEEM_LOGIN_CODE, values, parseRedemption), 'issued');
}

function parseRedemption(row: Row): RedeemedLogin | 'key' | undefined {
  if (bool(row, 'key_missing')) return 'key';
  const loginId = optionalText(row, 'login_id') as LoginId | undefined;
  return loginId && parseRedeemed(row, loginId);
}

function parseRedeemed(row: Row, loginId: LoginId): RedeemedLogin {
  return {
    loginId,
    requestUriHash: bytes(row, 'request_uri_hash'),
    state: optionalText(row, 'state'),
    dpopJkt: optionalText(row, 'dpop_jkt'),
    requestSealed: bytes(row, 'request_sealed'),
  };
}

const FIND_LOGIN_CODE_FAULT = statement(
  'token.findLoginCodeFault',
  `select login_id, ${CODE_FAULT} as fault from login_request where code_hash = $1 and client_id = $2`,
);

/** What is wrong with a login's code of this client, and its login; undefined for any other code. */
export async function findLoginCodeFault(
  scope: Scope,
  presented: PresentedCode,
): Promise<{ readonly loginId: LoginId; readonly fault: CodeFault | undefined } | undefined> {
  return maybeRow(scope, FIND_LOGIN_CODE_FAULT, faultValues(presented), (row) => ({
    loginId: text(row, 'login_id') as LoginId,
    fault: faultOf(row),
  }));
}
