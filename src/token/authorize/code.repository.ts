import { subjectOf, type PreparedReturn } from '../../consent/consents.ts';
import { maybeRow, type Scope } from '../../database/database.ts';
import { bool } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import { parseAddress, type ReturnAddress } from '../par/authorization-request.repository.ts';

/** The code that the browser takes to the TPP. */
export interface NewCode {
  readonly codeHash: Buffer;
  readonly expiresAt: Date;
  /** `code.issued`, as text. */
  readonly event: string;
}

/**
 * The return is one statement. It writes consent, authorization_request and audit_event. The time to consume begins with the first
 * return; the request_uri is consumed; an earlier code that was not redeemed is replaced, and one that was redeemed stays. Nothing
 * happens unless it is the bound browser and the consent authorised and in time.
 *
 * The consent is locked before the request, as everywhere.
 */
const REPLACE_CODE = statement(
  'token.replaceCode',
  `with returned_consent as (
     update consent c
        set returned_at = coalesce(c.returned_at, $3::timestamptz),
            expires_at = case when c.returned_at is null then $4::timestamptz else c.expires_at end
       from authorisation a
      where a.consent_id = c.id and c.interaction_id = $1 and c.way = 'browser' and c.browser_cookie_hash = $2
        and c.state = 'authorised' and c.expires_at > $3::timestamptz
     returning c.id, ${subjectOf('c')} as subject),
   new_code as (
     update authorization_request r
        set used_at = coalesce(r.used_at, $3::timestamptz), code_hash = $5, code_expires_at = $6,
            authorised_consent_id = r.consent_id
       from returned_consent c
      where r.interaction_id = $1 and r.consent_id = c.id and r.code_used_at is null
     returning r.redirect_uri, r.state, c.subject),
   new_event as (insert into audit_event (subject, event) select subject, $7::text from new_code)
   select exists (select from returned_consent) as granted, c.redirect_uri is not null as coded, c.redirect_uri, c.state
     from (values (1)) as always (once) left join new_code c on true`,
);

/** Where to return with the new code; `redeemed` if an earlier code was redeemed. Undefined if there is no grant. */
export function replaceCode(
  scope: Scope,
  { interactionId, cookieHash, now, consumeBy }: PreparedReturn,
  code: NewCode,
): Promise<ReturnAddress | 'redeemed' | undefined> {
  const values = [interactionId, cookieHash, now, consumeBy, code.codeHash, code.expiresAt, code.event];
  return maybeRow(scope, REPLACE_CODE, values, (row) => {
    if (!bool(row, 'granted')) return undefined;
    return bool(row, 'coded') ? parseAddress(row) : 'redeemed';
  });
}
