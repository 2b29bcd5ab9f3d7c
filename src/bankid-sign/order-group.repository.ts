import { maybeRow, rows, type Scope } from '../database/database.ts';
import { text, type Row } from '../database/rows.ts';
import { statement } from '../database/statement.ts';
import { parseLatestOrder } from './order/latest-order.repository.ts';
import type { Progress } from './sign-order.ts';
import { progressOf } from './watch/progress.ts';

export { LATEST_ORDER_COLUMNS, latestOrderOf } from './order/latest-order.repository.ts';

/** How far the group's latest order has come, from a row with `LATEST_ORDER_COLUMNS`; undefined when it never had one. */
export function parseProgress(row: Row): Progress | undefined {
  const order = parseLatestOrder(row);
  return order && progressOf(order);
}

const HAS_OPEN_ORDER = statement(
  'bankid-sign.hasOpenOrder',
  `select 1 as open from sign_order
    where order_group = $1 and purpose = $2 and state in ('requested', 'pending', 'answer-unknown')`,
);

/** Whether BankID may still have an order of the group. */
export async function hasOpenOrder(scope: Scope, purpose: string, group: string): Promise<boolean> {
  return (await maybeRow(scope, HAS_OPEN_ORDER, [group, purpose], () => true)) ?? false;
}

const HAS_UNSETTLED_ORDER = statement(
  'bankid-sign.hasUnsettledOrder',
  `select 1 as unsettled from sign_order
    where order_group = $1 and purpose = $2
      and state in ('requested', 'pending', 'answer-unknown', 'answered', 'set-aside') limit 1`,
);

/** Whether an order of the group may still have an effect: BankID has it, or its answer waits to be settled. */
export async function hasUnsettledOrder(scope: Scope, purpose: string, group: string): Promise<boolean> {
  return (await maybeRow(scope, HAS_UNSETTLED_ORDER, [group, purpose], () => true)) ?? false;
}

const HAS_UNSETTLED_ANSWER = statement(
  'bankid-sign.hasUnsettledAnswer',
  `select 1 as unsettled from sign_order
    where order_group = $1 and purpose = $2 and state = 'answered' limit 1`,
);

/** Whether an answer of the group waits to be settled. */
export async function hasUnsettledAnswer(scope: Scope, purpose: string, group: string): Promise<boolean> {
  return (await maybeRow(scope, HAS_UNSETTLED_ANSWER, [group, purpose], () => true)) ?? false;
}

const HAS_UNSETTLED_SIGNATURE = statement(
  'bankid-sign.hasUnsettledSignature',
  `select 1 as unsettled from sign_order
    where order_group = $1 and purpose = $2 and state = 'answered' and answer_status = 'complete' limit 1`,
);

/** Whether a signature of the group waits for its verdict. */
export async function hasUnsettledSignature(scope: Scope, purpose: string, group: string): Promise<boolean> {
  return (await maybeRow(scope, HAS_UNSETTLED_SIGNATURE, [group, purpose], () => true)) ?? false;
}

const FIND_UNSETTLED_GROUPS = statement(
  'bankid-sign.findUnsettledGroups',
  `select distinct order_group from sign_order where state = 'answered' and purpose = $1`,
);

/** All groups with an answer that waits to be settled. */
export async function findUnsettledGroups(scope: Scope, purpose: string): Promise<string[]> {
  return rows(scope, FIND_UNSETTLED_GROUPS, [purpose], (row) => text(row, 'order_group'));
}

const FIND_PENDING_GROUPS = statement(
  'bankid-sign.findPendingGroups',
  `select order_group from sign_order where state = 'pending' and purpose = $1 and not withdrawn order by seq`,
);

/** All groups with an order at BankID, at most one each, oldest first. Withdrawn ones are left out, as they are about to end. */
export async function findPendingGroups(scope: Scope, purpose: string): Promise<string[]> {
  return rows(scope, FIND_PENDING_GROUPS, [purpose], (row) => text(row, 'order_group'));
}
