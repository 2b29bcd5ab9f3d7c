import { pressLimits } from '../../attempts/attempt-limits.ts';
import { hasUnsettledOrder } from '../../bankid-sign/order-group.repository.ts';
import type { ConsentId } from '../../kernel/ids.ts';
import { execute, maybeRow, type Tx } from '../../database/database.ts';
import { int, text } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import { MAX_FAILED_ATTEMPTS, PURPOSE, type ConsentState } from '../consent.ts';

const COUNT_FAILED_ATTEMPT = statement(
  'consent.countFailedAttempt',
  `update consent set failed_attempts = failed_attempts + 1,
          state = case when failed_attempts + 1 < $3 then state else 'rejected' end,
          reason = case when failed_attempts + 1 < $3 then null else 'attempts' end,
          ended_at = case when failed_attempts + 1 < $3 then null else $2::timestamptz end
    where id = $1 and state = 'awaiting-authorisation'
   returning failed_attempts, state`,
);

/** Counts a failed order and returns how many there are; the fifth ends the consent. Undefined if the consent no longer waits. */
export async function countFailedAttempt(
  tx: Tx,
  consentId: ConsentId,
  now: Date,
): Promise<{ readonly failedAttempts: number; readonly state: ConsentState } | undefined> {
  return maybeRow(tx, COUNT_FAILED_ATTEMPT, [consentId, now, MAX_FAILED_ATTEMPTS], (row) => ({
    failedAttempts: int(row, 'failed_attempts'),
    state: text(row, 'state') as ConsentState,
  }));
}

const END_WITHOUT_PRESSES = statement(
  'consent.endWithoutPresses',
  `update consent set state = 'rejected', reason = 'attempts', ended_at = $2
    where id = $1 and state = 'awaiting-authorisation'
      and (select count(*) from signing_attempt
            where consent_id = $1 and outcome is distinct from 'not-asked') >= $3
      and not exists (select from signing_attempt
            where consent_id = $1 and outcome is null and started_at > $2::timestamptz - interval '30 seconds')`,
);

/**
 * awaiting-authorisation → rejected, where every press of the interaction has been used and BankID has, or may yet get, no order
 * of it. A press whose process died before it was over is over after as long as a call of /sign can take. No order is made but
 * after a press that stands here, so none can come between the two statements.
 */
export async function endWithoutPresses(tx: Tx, consentId: ConsentId, now: Date): Promise<boolean> {
  if (await hasUnsettledOrder(tx, PURPOSE, consentId)) return false;
  const ended = await execute(tx, END_WITHOUT_PRESSES, [consentId, now, pressLimits.presses]);
  return ended === 1;
}
