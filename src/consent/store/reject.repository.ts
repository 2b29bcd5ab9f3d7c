import type { ConsentId } from '../../kernel/ids.ts';
import { execute, type Tx } from '../../database/database.ts';
import { statement } from '../../database/statement.ts';
import type { EndReason } from '../consent.ts';

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
