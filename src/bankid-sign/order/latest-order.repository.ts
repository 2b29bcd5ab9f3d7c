import { maybeRow, type Scope } from '../../database/database.ts';
import type { Row } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import type { Progress } from '../sign-order.ts';
import {
  FACT_COLUMNS,
  FACTS,
  IS_UNSTARTED,
  NEWEST_KEY,
  parseFacts,
  parseStart,
  type OrderFacts,
} from './sign-order.repository.ts';

/** An order with what starts it, while it waits for that. */
export type LatestOrder = OrderFacts & Pick<Progress, 'start' | 'scan'>;

const isStartable = `not o.withdrawn and (o.state = 'pending' and o.device = 'this' or o.device = 'other' and ${IS_UNSTARTED})`;

const columns = [...FACT_COLUMNS, 'start_sealed', 'started_at', 'key_id', 'kek_id', 'wrapped'];

/** Of {@link latestOrderOf}, for {@link parseLatestOrder}. No column of a consent or a login has such a name. */
export const LATEST_ORDER_COLUMNS = columns.map((name) => `latest.${name} as order_${name}`).join(', ');

/** What names a group: the row to which its orders are joined, or a parameter. */
type Group = 'c.id::text' | 'l.id::text' | '$1';

/** The latest order of a group as `latest`, one row or none, to be joined laterally. */
export function latestOrderOf(group: Group): string {
  return `lateral (
    select ${FACTS}, case when ${isStartable} then o.start_sealed end as start_sealed, o.started_at, k.key_id, k.kek_id, k.wrapped
      from sign_order o left join ${NEWEST_KEY} k on ${isStartable}
     where ${group} = o.order_group order by o.seq desc limit 1) latest`;
}

/** Undefined where the group never had an order. */
export function parseLatestOrder(row: Row): LatestOrder | undefined {
  if (row['order_id'] === null) return undefined;
  const order = Object.fromEntries(columns.map((name) => [name, row[`order_${name}`]]));
  const facts = parseFacts(order);
  const sealed = order['start_sealed'] === null ? undefined : parseStart(order);
  if (facts.device !== 'other') return { ...facts, start: sealed, scan: undefined };
  const isBeingRenewed = facts.state === 'requested' && facts.renewal > 0;
  return { ...facts, start: undefined, scan: isBeingRenewed ? 'being-renewed' : sealed };
}

const FIND_LATEST_ORDER = statement(
  'bankid-sign.findLatestOrder',
  `select ${LATEST_ORDER_COLUMNS} from ${latestOrderOf('$1')}`,
);

export async function findLatestOrder(scope: Scope, group: string): Promise<LatestOrder | undefined> {
  return maybeRow(scope, FIND_LATEST_ORDER, [group], parseLatestOrder);
}
