import type { OrderId } from '../../kernel/ids.ts';
import { execute, maybeRow, rows, type Scope } from '../../database/database.ts';
import { bool, bytes, instant, int, optionalText, text, type Row } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import { parseWrappedKey } from '../../vault/wrapped-key.ts';
import type { OrderDevice, OrderKind, OrderStart, Platform, Scannable, SealedStart } from '../sign-order.ts';

/** An order that is about to be sent to BankID. */
export interface RequestedOrder {
  readonly orderId: OrderId;
  readonly purpose: string;
  readonly group: string;
  readonly subject: string;
  readonly kind: OrderKind;
  readonly way: OrderStart['way'];
  readonly device: OrderDevice;
  readonly platform: Platform | undefined;
  readonly relyingParty: string;
  readonly relyingPartyName: string;
  readonly requestSealed: Buffer;
  readonly requestedAt: Date;
  /** When the button was pressed, which was for the first of its renewals. */
  readonly pressedAt: Date;
  readonly renewal: number;
  readonly renewedFrom: OrderId | undefined;
}

export type OrderState =
  'requested' | 'pending' | 'answer-unknown' | 'answered' | 'set-aside' | 'settled' | 'renewed' | 'refused' | 'unknown';

/** The part of an order that needs no key. */
export interface OrderFacts {
  readonly orderId: OrderId;
  readonly subject: string;
  readonly state: OrderState;
  readonly kind: OrderKind;
  readonly way: OrderStart['way'];
  readonly device: OrderDevice;
  readonly platform: Platform | undefined;
  readonly relyingParty: string;
  readonly hintCode: string | undefined;
  readonly answerStatus: 'complete' | 'failed' | undefined;
  readonly failure: string | undefined;
  /** When the button was pressed: for the first of its renewals. */
  readonly pressedAt: Date;
  readonly renewal: number;
  readonly orderRef: string | undefined;
  /** Requested so long ago that the call to BankID has certainly ended. */
  readonly isStale: boolean;
}

/** Longer than a call that places an order can take. */
const REQUEST_STALE_SECONDS = 30;

const stale = `(state = 'requested' and recorded_at < clock_timestamp() - make_interval(secs => ${REQUEST_STALE_SECONDS}))`;
const stored = `id, subject, state, kind, way, device, platform, relying_party, hint_code, answer_status, failure, pressed_at, renewal, order_ref`;

/** Of a row of sign_order, for {@link parseFacts}. */
export const FACTS = `${stored}, ${stale} as is_stale`;

/** The names of {@link FACTS}. */
export const FACT_COLUMNS: readonly string[] = [...stored.split(', '), 'is_stale'];

const INSERT_REQUESTED = statement(
  'bankid-sign.insertRequested',
  `with placed as (
     insert into sign_order (id, purpose, order_group, subject, state, kind, way, device, platform, relying_party,
                             relying_party_name, requested_at, pressed_at, renewal, renewed_from)
     select $1, $2::text, $3::text, $4, 'requested', $5, $6, $7, $8, $9, $10, $12, $13, $14, $15
      where not exists (select from sign_order
                         where order_group = $3 and purpose = $2 and state = 'answered' and answer_status = 'complete')
     on conflict (order_group) where state in ('requested', 'pending', 'answer-unknown') do nothing
     returning id, requested_at),
   asked as (insert into sign_order_request (order_id, request_sealed) select id, $11 from placed)
   insert into sign_order_event (order_id, at, event) select id, requested_at, 'requested' from placed`,
);

/** False if the group has an open order, or a signature that waits to be settled. */
export async function insertRequested(scope: Scope, order: RequestedOrder): Promise<boolean> {
  const inserted = await execute(scope, INSERT_REQUESTED, [
    order.orderId,
    order.purpose,
    order.group,
    order.subject,
    order.kind,
    order.way,
    order.device,
    order.platform ?? null,
    order.relyingParty,
    order.relyingPartyName,
    order.requestSealed,
    order.requestedAt,
    order.pressedAt,
    order.renewal,
    order.renewedFrom ?? null,
  ]);
  return inserted === 1;
}

const MARK_STARTED = statement(
  'bankid-sign.markStarted',
  `with started as (
     update sign_order set state = 'pending', order_ref = $2, start_sealed = $3, started_at = $4,
                           next_collect_at = clock_timestamp() + make_interval(secs => $5 / 1000.0)
      where id = $1 and state = 'requested'
     returning id)
   insert into sign_order_event (order_id, at, event) select id, $4, 'placed' from started`,
);

/** False if the order was abandoned during the call to BankID. */
export async function markStarted(
  scope: Scope,
  start: { orderId: OrderId; orderRef: string; startSealed: Buffer | undefined; at: Date; firstCollectMs: number },
): Promise<boolean> {
  const started = await execute(scope, MARK_STARTED, [
    start.orderId,
    start.orderRef,
    start.startSealed ?? null,
    start.at,
    start.firstCollectMs,
  ]);
  return started === 1;
}

const MARK_NOT_STARTED = statement(
  'bankid-sign.markNotStarted',
  `update sign_order set state = $2, failure = $3 where id = $1 and state = 'requested'`,
);

/** Ends an order that BankID did not accept (`refused`), or may have accepted (`unknown`). Neither is an attempt. */
export async function markNotStarted(
  scope: Scope,
  orderId: OrderId,
  state: 'refused' | 'unknown',
  failure: string,
): Promise<boolean> {
  const ended = await execute(scope, MARK_NOT_STARTED, [orderId, state, failure]);
  return ended === 1;
}

const GIVE_UP_STALE_REQUESTS = statement(
  'bankid-sign.giveUpStaleRequests',
  `update sign_order set state = 'unknown', failure = 'unanswered' where ${stale}`,
);

/** Abandons rows whose instance died during the call: BankID may have the order, but its orderRef and the tokens that start it are lost. */
export async function giveUpStaleRequests(scope: Scope): Promise<number> {
  return execute(scope, GIVE_UP_STALE_REQUESTS, []);
}

const MARK_WITHDRAWN = statement(
  'bankid-sign.markWithdrawn',
  `with withdrawn as (
     update sign_order set withdrawn = true where id = $1 and state in ('pending', 'answer-unknown') returning id)
   insert into sign_order_event (order_id, at, event) select id, $2, 'withdrawn' from withdrawn returning order_id`,
);

/** Stops the renewals of an order. False if it is no longer open. */
export async function markWithdrawn(scope: Scope, orderId: OrderId, at: Date): Promise<boolean> {
  const open = await rows(scope, MARK_WITHDRAWN, [orderId, at], (row) => text(row, 'order_id'));
  return open.length === 1;
}

const MARK_CANCELLED = statement(
  'bankid-sign.markCancelled',
  `update sign_order set state = 'answered', answer_status = 'failed', failure = 'withdrawn', answered_at = $2,
                         collect_lease = null, collect_lease_until = null
    where id = $1 and state in ('pending', 'answer-unknown')
      and not exists (select from bankid_answer where order_id = $1)`,
);

/** BankID has cancelled it at our request, so no answer will come. False if an answer was faster. */
export async function markCancelled(scope: Scope, orderId: OrderId, at: Date): Promise<boolean> {
  const cancelled = await execute(scope, MARK_CANCELLED, [orderId, at]);
  return cancelled === 1;
}

/** The newest wrapping of the data key of an order `o`. */
export const NEWEST_KEY = `lateral (select key_id, kek_id, wrapped from data_key
                              where subject = o.subject order by wrapped_at desc limit 1)`;

const FIND_STANDING_ORDER = statement(
  'bankid-sign.findStandingOrder',
  `select ${FACTS} from sign_order
    where order_group = $1
      and (state in ('requested', 'pending', 'answer-unknown') or (state = 'answered' and answer_status = 'complete'))
    order by seq limit 1`,
);

/** The group's open order, or one that was signed and not yet settled: either prevents another order. */
export async function findStandingOrder(scope: Scope, group: string): Promise<OrderFacts | undefined> {
  return maybeRow(scope, FIND_STANDING_ORDER, [group], parseFacts);
}

/** BankID waits for the app of an order `o` to be started. */
export const IS_UNSTARTED =
  "o.state = 'pending' and (o.hint_code is null or o.hint_code in ('outstandingTransaction', 'noClient'))";

const FIND_SCANNABLE = statement(
  'bankid-sign.findScannable',
  `select o.id, o.subject, o.start_sealed, o.started_at, k.key_id, k.kek_id, k.wrapped
     from sign_order o left join ${NEWEST_KEY} k on true
    where o.order_group = $1 and o.device = 'other' and not o.withdrawn
      and (${IS_UNSTARTED} or o.state = 'requested' and o.renewal > 0)`,
);

/** The secrets for a QR frame; undefined unless the group waits for its code to be scanned. */
export async function findScannable(scope: Scope, group: string): Promise<Scannable | undefined> {
  return maybeRow(scope, FIND_SCANNABLE, [group], (row) =>
    row['start_sealed'] === null ? 'being-renewed' : parseStart(row),
  );
}

export function parseStart(row: Row): SealedStart {
  const subject = text(row, 'subject');
  return {
    orderId: text(row, 'id') as OrderId,
    subject,
    startSealed: bytes(row, 'start_sealed'),
    startedAt: instant(row, 'started_at'),
    key: parseWrappedKey(row, subject),
  };
}

export function parseFacts(row: Row): OrderFacts {
  return {
    orderId: text(row, 'id') as OrderId,
    subject: text(row, 'subject'),
    state: text(row, 'state') as OrderState,
    kind: text(row, 'kind') as OrderKind,
    way: text(row, 'way') as OrderStart['way'],
    device: text(row, 'device') as OrderDevice,
    platform: optionalText(row, 'platform') as Platform | undefined,
    relyingParty: text(row, 'relying_party'),
    hintCode: optionalText(row, 'hint_code'),
    answerStatus: optionalText(row, 'answer_status') as OrderFacts['answerStatus'],
    failure: optionalText(row, 'failure'),
    pressedAt: instant(row, 'pressed_at'),
    renewal: int(row, 'renewal'),
    orderRef: optionalText(row, 'order_ref'),
    isStale: bool(row, 'is_stale'),
  };
}
