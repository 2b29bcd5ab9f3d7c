import type { ConsentId } from '../../kernel/ids.ts';
import { maybeRow, type Scope } from '../../database/database.ts';
import { bool } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import { subjectOf } from '../store/subject.repository.ts';

/**
 * The return of an app is one statement. It writes signing_attempt and audit_event. The nonce of the returnUrl counts for the consent
 * of its own request alone, once.
 */
const RECORD_APP_RETURN = statement(
  'consent.recordAppReturn',
  `with returned as (
     update signing_attempt s set returned_at = $3
       from consent c
      where c.id = $1 and c.way = 'app' and s.consent_id = c.id and s.return_nonce_hash = $2 and s.returned_at is null
     returning ${subjectOf('c')} as subject),
   new_event as (insert into audit_event (subject, event) select subject, $4::text from returned)
   select exists (select from returned) as is_new,
          exists (select from signing_attempt s join consent c on c.id = s.consent_id
                   where c.id = $1 and c.way = 'app' and s.return_nonce_hash = $2) as is_known`,
);

/** An app that came back from BankID. */
export interface AppReturn {
  readonly consentId: ConsentId;
  readonly nonceHash: Buffer;
  readonly at: Date;
  /** `app.returned`, as text. */
  readonly event: string;
}

/** `repeated` where the same nonce was recorded before; undefined for any other nonce. */
export async function recordAppReturn(scope: Scope, back: AppReturn): Promise<'recorded' | 'repeated' | undefined> {
  const values = [back.consentId, back.nonceHash, back.at, back.event];
  return maybeRow(scope, RECORD_APP_RETURN, values, (row) => {
    if (bool(row, 'is_new')) return 'recorded';
    return bool(row, 'is_known') ? 'repeated' : undefined;
  });
}
