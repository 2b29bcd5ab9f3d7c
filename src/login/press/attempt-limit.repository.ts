import { pressLimits } from '../../attempts/attempt-limits.ts';
import { hasUnsettledOrder } from '../../bankid-sign/order-group.repository.ts';
import type { LoginId } from '../../kernel/ids.ts';
import { execute, maybeRow, type Tx } from '../../database/database.ts';
import { int, text } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import { MAX_FAILED_ATTEMPTS, PURPOSE, type LoginState } from '../login.ts';

const COUNT_FAILED_ATTEMPT = statement(
  'login.countFailedAttempt',
  `update login set failed_attempts = failed_attempts + 1,
          state = case when failed_attempts + 1 < $3 then state else 'rejected' end,
          reason = case when failed_attempts + 1 < $3 then null else 'attempts' end,
          ended_at = case when failed_attempts + 1 < $3 then null else $2::timestamptz end
    where id = $1 and state = 'awaiting'
   returning failed_attempts, state`,
);

/** Counts a failed order of a browser's login; the fifth ends it. Undefined if the login no longer waits. */
export async function countFailedAttempt(
  tx: Tx,
  loginId: LoginId,
  now: Date,
): Promise<{ readonly failedAttempts: number; readonly state: LoginState } | undefined> {
  return maybeRow(tx, COUNT_FAILED_ATTEMPT, [loginId, now, MAX_FAILED_ATTEMPTS], (row) => ({
    failedAttempts: int(row, 'failed_attempts'),
    state: text(row, 'state') as LoginState,
  }));
}

const END_WITHOUT_PRESSES = statement(
  'login.endWithoutPresses',
  `update login set state = 'rejected', reason = 'attempts', ended_at = $2
    where id = $1 and state = 'awaiting'
      and (select count(*) from login_attempt where login_id = $1 and outcome is distinct from 'not-asked') >= $3
      and not exists (select from login_attempt
            where login_id = $1 and outcome is null and started_at > $2::timestamptz - interval '30 seconds')`,
);

/**
 * awaiting → rejected, where every press of the interaction has been used and BankID has, or may yet get, no order of it. A press whose
 * process died before it was over is over after as long as a call of /auth can take.
 */
export async function endWithoutPresses(tx: Tx, loginId: LoginId, now: Date): Promise<boolean> {
  if (await hasUnsettledOrder(tx, PURPOSE, loginId)) return false;
  return (await execute(tx, END_WITHOUT_PRESSES, [loginId, now, pressLimits.presses])) === 1;
}
