import { rows, type Scope } from '../database/database.ts';
import { bytes, instant, text } from '../database/rows.ts';
import { statement } from '../database/statement.ts';

const FIND_RECEIVED_ANSWERS = statement(
  'bankid-sign.findReceivedAnswers',
  'select order_id, answer_sealed from bankid_answer where order_id = any($1::uuid[])',
);

/** BankID's final answers as received, sealed as `ANSWER_KIND`, by order. */
export async function findReceivedAnswers(
  scope: Scope,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, Buffer>> {
  const found = await rows(
    scope,
    FIND_RECEIVED_ANSWERS,
    [orderIds],
    (row) => [text(row, 'order_id'), bytes(row, 'answer_sealed')] as const,
  );
  return new Map(found);
}

/** A signed order and the time of its answer. */
export interface SignedOrder {
  readonly orderId: string;
  readonly receivedAt: Date;
}

const SELECT_SIGNED_ORDERS = statement(
  'bankid-sign.selectSignedOrders',
  `select a.order_id, a.received_at
     from bankid_answer a join sign_order o on o.id = a.order_id
    where a.received_at >= $1 and a.received_at < $2 and o.answer_status = 'complete'
      and ($3::timestamptz is null or (a.received_at, a.order_id) > ($3, $4::uuid))
    order by a.received_at, a.order_id
    limit $5`,
);

/** The next page of the orders that were signed in the period, after the last of the previous page. */
export async function selectSignedOrders(
  scope: Scope,
  period: { readonly from: Date; readonly to: Date },
  after: SignedOrder | undefined,
  limit: number,
): Promise<readonly SignedOrder[]> {
  return rows(
    scope,
    SELECT_SIGNED_ORDERS,
    [period.from, period.to, after?.receivedAt ?? null, after?.orderId ?? null, limit],
    (row) => ({ orderId: text(row, 'order_id'), receivedAt: instant(row, 'received_at') }),
    'each-time',
  );
}
