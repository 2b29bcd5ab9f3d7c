import type { LoginId } from '../../kernel/ids.ts';
import { maybeRow, type Scope } from '../../database/database.ts';
import { bool } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';

/**
 * The way back from the BankID app. It writes login_attempt and audit_event. The nonce of the returnUrl counts once, whether or not the
 * order has ended.
 */
const RECORD_RETURN = statement(
  'login.recordReturn',
  `with returned as (
     update login_attempt set returned_at = $3
      where login_id = $1 and return_nonce_hash = $2 and returned_at is null
     returning login_id, client_id),
   new_event as (
     insert into audit_event (subject, event) select 'login:' || client_id || ':' || login_id, $4::text from returned)
   select exists (select from returned) as is_new,
          exists (select from login_attempt where login_id = $1 and return_nonce_hash = $2) as is_known`,
);

/** `repeated` where the same nonce was recorded before; undefined for any other nonce. */
export async function recordReturn(
  scope: Scope,
  back: { readonly loginId: LoginId; readonly nonceHash: Buffer; readonly at: Date; readonly event: string },
): Promise<'recorded' | 'repeated' | undefined> {
  const values = [back.loginId, back.nonceHash, back.at, back.event];
  return maybeRow(scope, RECORD_RETURN, values, (row) => {
    if (bool(row, 'is_new')) return 'recorded';
    return bool(row, 'is_known') ? 'repeated' : undefined;
  });
}
