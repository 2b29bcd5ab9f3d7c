import type { OrderId } from '../../kernel/ids.ts';
import { execute, maybeRow, type Database, type Tx } from '../../database/database.ts';
import { text } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import { MAX_RENEWALS, MAX_RENEWING_SECONDS, type LeasedOrder } from '../collector/collect.repository.ts';

const isRenewable = `state = 'pending' and device = 'this' and not withdrawn
      and (hint_code is null or hint_code in ('outstandingTransaction', 'noClient'))
      and renewal < ${MAX_RENEWALS}`;

const FIND_AGING = statement(
  'bankid-sign.findAging',
  `select id from sign_order
    where order_group = $1 and ${isRenewable} and started_at <= $2
      and pressed_at > $3::timestamptz - interval '${MAX_RENEWING_SECONDS} seconds'`,
);

/** The group's order, if a link is to open it, none did yet, and it is older than `startedBefore`. */
export async function findAging(
  database: Database,
  group: string,
  startedBefore: Date,
  now: Date,
): Promise<OrderId | undefined> {
  return maybeRow(database, FIND_AGING, [group, startedBefore, now], (row) => text(row, 'id') as OrderId);
}

const RENEW_CANCELLED = statement(
  'bankid-sign.renewCancelled',
  `with renewed as (
     update sign_order set state = 'renewed', answer_status = 'failed', failure = 'withdrawn', answered_at = $3,
                           collect_lease = null, collect_lease_until = null
      where id = $1 and collect_lease = $2 and ${isRenewable}
        and not exists (select from bankid_answer where order_id = $1)
     returning id)
   insert into sign_order_event (order_id, at, event) select id, $3, 'withdrawn' from renewed`,
);

/** BankID has cancelled it, so no answer will come. False if it has been withdrawn meanwhile, or another instance has its lease. */
export async function renewCancelled(tx: Tx, { orderId, leaseId }: LeasedOrder, at: Date): Promise<boolean> {
  return (await execute(tx, RENEW_CANCELLED, [orderId, leaseId, at])) === 1;
}
