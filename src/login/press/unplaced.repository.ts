import type { ClientId, LoginId } from '../../kernel/ids.ts';
import { execute, rows, type Scope, type Tx } from '../../database/database.ts';
import { text } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import { PURPOSE, type NamedLogin } from '../login.ts';

const FIND_ORDERLESS = statement(
  'login.findOrderless',
  `select l.id, l.client_id from login l
    where l.ended_at is null and l.way <> 'browser'
      and (select count(*) from sign_order o
            where o.order_group = l.id::text and o.purpose = '${PURPOSE}'
              and o.state in ('requested', 'pending', 'answer-unknown', 'answered', 'set-aside')) = 0
    order by l.expires_at limit $1`,
);

/**
 * Waiting logins of backchannel requests whose order was not made: BankID refused it or its renewal, or the instance died while it
 * asked. Each has had its one order, and a renewal comes to exist with the end of what it renews: no other one follows.
 */
export async function findOrderless(scope: Scope, limit: number): Promise<NamedLogin[]> {
  return rows(scope, FIND_ORDERLESS, [limit], (row) => ({
    loginId: text(row, 'id') as LoginId,
    clientId: text(row, 'client_id') as ClientId,
  }));
}

const END_ATTEMPT_OF = statement(
  'login.endAttemptOf',
  `update login_attempt set outcome = 'not-placed', failure = $2, ended_at = $3 where login_id = $1 and outcome is null`,
);

/** The one attempt of such a login. No effect if it has already ended. */
export async function endAttemptOf(tx: Tx, loginId: LoginId, failure: string, now: Date): Promise<void> {
  await execute(tx, END_ATTEMPT_OF, [loginId, failure, now]);
}
