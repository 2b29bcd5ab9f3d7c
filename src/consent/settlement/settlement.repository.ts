import type { ConsentId } from '../../kernel/ids.ts';
import { execute, type Tx } from '../../database/database.ts';
import { statement } from '../../database/statement.ts';
import type { EndReason } from '../consent.ts';

const AUTHORISE = statement(
  'consent.authorise',
  `update consent set state = 'authorised', authorised_at = $2, expires_at = $4
    where id = $1 and state = 'awaiting-authorisation' and expires_at > $3`,
);

/** awaiting-authorisation → authorised, by an answer that came in time. The row stays locked for the rest of transaction B. */
export async function authorise(
  tx: Tx,
  consentId: ConsentId,
  times: { readonly now: Date; readonly receivedAt: Date; readonly returnBy: Date },
): Promise<boolean> {
  const authorised = await execute(tx, AUTHORISE, [consentId, times.now, times.receivedAt, times.returnBy]);
  return authorised === 1;
}

const REJECT = statement(
  'consent.reject',
  `update consent set state = 'rejected', reason = $2, ended_at = $3
    where id = $1 and state = 'awaiting-authorisation'`,
);

/** awaiting-authorisation → rejected. */
export async function reject(tx: Tx, consentId: ConsentId, reason: EndReason, now: Date): Promise<boolean> {
  const rejected = await execute(tx, REJECT, [consentId, reason, now]);
  return rejected === 1;
}
