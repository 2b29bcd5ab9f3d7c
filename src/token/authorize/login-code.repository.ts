import { maybeRow, type Scope } from '../../database/database.ts';
import { bool } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import type { LoginId } from '../../kernel/ids.ts';
import { parseStoredPush, PUSHED_COLUMNS, type StoredLoginPush } from '../par/sealed-login-push.ts';
import type { NewCode } from './code.repository.ts';

/**
 * The return of a login is one statement. It writes login_request and audit_event. The request_uri is used; an earlier code that was
 * not redeemed is replaced, and one that was redeemed stays. Nothing happens unless the person has identified themselves, not too long
 * ago.
 */
const REPLACE_LOGIN_CODE = statement(
  'token.replaceLoginCode',
  `with returned as (
     select l.id, 'login:' || l.client_id || ':' || l.id as subject
       from login l join authentication a on a.login_id = l.id
      where l.id = $1 and l.state = 'authenticated' and a.authenticated_at > $6
      limit 1),
   new_code as (
     update login_request r
        set used_at = coalesce(r.used_at, $2::timestamptz), code_hash = $3, code_expires_at = $4, authenticated_id = r.login_id
       from returned l
      where r.login_id = l.id and r.code_used_at is null
     returning ${PUSHED_COLUMNS}, l.subject),
   new_event as (insert into audit_event (subject, event) select subject, $5::text from new_code)
   select exists (select from returned) as granted, c.redirect_uri is not null as coded, c.login_id, c.client_id,
          c.request_uri_hash, c.redirect_uri, c.state, c.code_challenge, c.dpop_jkt, c.request_sealed
     from (values (1)) as always (once) left join new_code c on true`,
);

/** What was pushed, which says where to return with the new code; `redeemed` if an earlier code was redeemed. Undefined if nothing is granted. */
export function replaceLoginCode(
  scope: Scope,
  loginId: LoginId,
  { now, authenticatedAfter }: { readonly now: Date; readonly authenticatedAfter: Date },
  code: NewCode,
): Promise<StoredLoginPush | 'redeemed' | undefined> {
  const values = [loginId, now, code.codeHash, code.expiresAt, code.event, authenticatedAfter];
  return maybeRow(scope, REPLACE_LOGIN_CODE, values, (row) => {
    if (!bool(row, 'granted')) return undefined;
    return bool(row, 'coded') ? parseStoredPush(row) : 'redeemed';
  });
}
