import type { ClientId, ConsentId } from '../../kernel/ids.ts';
import { execute, rows, type Scope } from '../../database/database.ts';
import { text } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import { PURPOSE } from '../consent.ts';

/** A consent without an order that could still be signed. */
export interface Orderless {
  readonly consentId: ConsentId;
  readonly bank: ClientId;
}

const FIND_ORDERLESS = statement(
  'consent.findOrderless',
  `select c.id, c.bank from consent c
    where c.ended_at is null and c.way <> 'browser' and c.state = 'awaiting-authorisation'
      and (select count(*) from sign_order o
            where o.order_group = c.id::text and o.purpose = '${PURPOSE}'
              and o.state in ('requested', 'pending', 'answer-unknown', 'answered', 'set-aside')) = 0
    order by c.created_at limit $1`,
);

/**
 * Waiting consents of backchannel requests whose order was not made, oldest first: BankID refused it or its renewal, or the instance
 * died while it asked. Each has had its one order, and a renewal comes to exist with the end of what it renews: no other one follows.
 */
export async function findOrderless(scope: Scope, limit: number): Promise<Orderless[]> {
  return rows(scope, FIND_ORDERLESS, [limit], (row) => ({
    consentId: text(row, 'id') as ConsentId,
    bank: text(row, 'bank') as ClientId,
  }));
}

const END_ATTEMPT_OF = statement(
  'consent.endAttemptOf',
  `update signing_attempt set outcome = 'not-placed', failure = $2, ended_at = $3 where consent_id = $1 and outcome is null`,
);

/** The one attempt of such a consent. No effect if it has already ended. */
export async function endAttemptOf(scope: Scope, consentId: ConsentId, failure: string, now: Date): Promise<void> {
  await execute(scope, END_ATTEMPT_OF, [consentId, failure, now]);
}
