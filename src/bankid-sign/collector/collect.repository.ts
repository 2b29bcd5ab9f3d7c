import type { OrderId } from '../../kernel/ids.ts';
import { COMMITS_ASYNCHRONOUSLY } from '../../database/asynchronous-commit.repository.ts';
import { execute, maybeRow, rows, type Database, type Scope, type Tx } from '../../database/database.ts';
import { optionalText, text, bool, type Row } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import { parseWrappedKey, type WrappedKey } from '../../vault/wrapped-key.ts';
import { NEWEST_KEY } from '../order/sign-order.repository.ts';

/** An order to be collected now, only by this instance while the lease lasts. */
export interface LeasedOrder {
  readonly orderId: OrderId;
  readonly orderRef: string;
  /** Whose certificate BankID knows it by. */
  readonly relyingParty: string;
  readonly group: string;
  readonly subject: string;
  readonly hintCode: string | undefined;
  /** A collect has been answered 400 before. */
  readonly answerUnknown: boolean;
  /** Fencing id. */
  readonly leaseId: string;
  /** Seals the answer; undefined where it was erased. */
  readonly key: WrappedKey | undefined;
}

/** When to collect an order next, relative to the database's clock. */
export interface Reschedule {
  readonly orderId: OrderId;
  readonly leaseId: string;
  readonly delayMs: number;
}

export interface FinalState {
  readonly orderId: OrderId;
  readonly status: 'complete' | 'failed';
  /** BankID's hint code, if it failed. */
  readonly hintCode: string | undefined;
  readonly at: Date;
}

/** BankID's hint code for an order that was not started in time: the only one that may be renewed. */
export const NOT_STARTED = 'startFailed';
export const MAX_RENEWALS = 5;
export const MAX_RENEWING_SECONDS = 180;

const leased =
  "o.id, o.order_ref, o.relying_party, o.order_group, o.subject, o.hint_code, o.state = 'answer-unknown' as answer_unknown, o.collect_lease";
const leasedWithKey = `select o.id, o.order_ref, o.relying_party, o.order_group, o.subject, o.hint_code, o.answer_unknown, o.collect_lease,
          k.key_id, k.kek_id, k.wrapped
     from leased o left join ${NEWEST_KEY} k on true`;
const free = '(collect_lease_until is null or collect_lease_until < clock_timestamp())';

const LEASE_DUE = statement(
  'bankid-sign.leaseDue',
  `with leased as (
     update sign_order o set collect_lease = $1, collect_lease_until = clock_timestamp() + make_interval(secs => $2 / 1000.0)
       from (select id from sign_order
              where state in ('pending', 'answer-unknown') and relying_party = any($4) and next_collect_at <= clock_timestamp()
                and ${free}
              order by next_collect_at limit $3 for update skip locked) due
      where o.id = due.id
     returning ${leased}, ${COMMITS_ASYNCHRONOUSLY})
   ${leasedWithKey}`,
);

/**
 * Takes up to `limit` orders that are due and not leased, of the relying parties that this instance has certificates of. After a crash
 * of PostgreSQL the lease may be gone.
 */
export async function leaseDue(
  database: Database,
  lease: { readonly leaseId: string; readonly leaseMs: number; readonly limit: number },
  relyingParties: readonly string[],
): Promise<LeasedOrder[]> {
  return rows(database, LEASE_DUE, [lease.leaseId, lease.leaseMs, lease.limit, relyingParties], parseLeased);
}

const LEASE_ONE = statement(
  'bankid-sign.leaseOne',
  `with leased as (
     update sign_order o set collect_lease = $2, collect_lease_until = clock_timestamp() + make_interval(secs => $3 / 1000.0)
      where id = $1 and state = 'pending' and ${free}
     returning ${leased}, ${COMMITS_ASYNCHRONOUSLY})
   ${leasedWithKey}`,
);

/** Takes one order now, due or not; undefined when it is leased or finished. */
export async function leaseOne(
  database: Database,
  orderId: OrderId,
  leaseId: string,
  leaseMs: number,
): Promise<LeasedOrder | undefined> {
  return maybeRow(database, LEASE_ONE, [orderId, leaseId, leaseMs], parseLeased);
}

const RESCHEDULE_ALL = statement(
  'bankid-sign.rescheduleAll',
  `update sign_order o set next_collect_at = clock_timestamp() + make_interval(secs => v.delay_ms / 1000.0),
                           collect_lease = null, collect_lease_until = null
     from unnest($1::uuid[], $2::uuid[], $3::float8[]) as v (id, lease, delay_ms)
    where o.id = v.id and o.collect_lease = v.lease and o.state in ('pending', 'answer-unknown')
   returning ${COMMITS_ASYNCHRONOUSLY}`,
);

/** Reschedules orders that still wait, in one statement; those leased to another instance meanwhile are left alone. */
export async function rescheduleAll(database: Database, waiting: readonly Reschedule[]): Promise<number> {
  return execute(database, RESCHEDULE_ALL, [
    waiting.map((one) => one.orderId),
    waiting.map((one) => one.leaseId),
    waiting.map((one) => one.delayMs),
  ]);
}

const RECORD_HINT = statement(
  'bankid-sign.recordHint',
  `with changed as (
     update sign_order set hint_code = $3, state = 'pending', answer_unknown_since = null
      where id = $1 and collect_lease = $2 and state in ('pending', 'answer-unknown')
     returning id)
   insert into sign_order_event (order_id, at, event) select id, $4, coalesce($3, 'pending') from changed`,
);

/** Records a new hint code in the order and its history. */
export async function recordHint(
  scope: Scope,
  order: LeasedOrder,
  hintCode: string | undefined,
  at: Date,
): Promise<void> {
  await execute(scope, RECORD_HINT, [order.orderId, order.leaseId, hintCode ?? null, at]);
}

const MARK_ANSWER_UNKNOWN = statement(
  'bankid-sign.markAnswerUnknown',
  `update sign_order set state = 'answer-unknown', answer_unknown_since = clock_timestamp(),
                         next_collect_at = clock_timestamp() + make_interval(secs => $3 / 1000.0),
                         collect_lease = null, collect_lease_until = null
    where id = $1 and collect_lease = $2 and state = 'pending'`,
);

/** BankID no longer knows the order, or has already given its answer, which another instance may be storing. */
export async function markAnswerUnknown(scope: Scope, order: LeasedOrder, waitMs: number): Promise<boolean> {
  const marked = await execute(scope, MARK_ANSWER_UNKNOWN, [order.orderId, order.leaseId, waitMs]);
  return marked === 1;
}

const MARK_ANSWER_LOST = statement(
  'bankid-sign.markAnswerLost',
  `update sign_order set state = 'answered', answer_status = 'failed', failure = 'answer-lost', answered_at = $4,
                         collect_lease = null, collect_lease_until = null
    where id = $1 and collect_lease = $2 and state = 'answer-unknown'
      and answer_unknown_since <= clock_timestamp() - make_interval(secs => $3 / 1000.0)
      and not exists (select from bankid_answer where order_id = $1)`,
);

/** Only by the holder of the lease, after the wait, and if no answer was stored meanwhile. */
export async function markAnswerLost(scope: Scope, order: LeasedOrder, waitMs: number, at: Date): Promise<boolean> {
  const lost = await execute(scope, MARK_ANSWER_LOST, [order.orderId, order.leaseId, waitMs, at]);
  return lost === 1;
}

const STORE_ANSWER = statement(
  'bankid-sign.storeAnswer',
  `with stored as (
     insert into bankid_answer (order_id, answer_sealed, received_at) values ($1, $5, $4)
     on conflict (order_id) do nothing returning order_id),
   finished as (
     update sign_order
        set state = case when $3 = '${NOT_STARTED}' and (device = 'other' or way = 'app') and not withdrawn
                          and renewal < ${MAX_RENEWALS} and $4 < pressed_at + interval '${MAX_RENEWING_SECONDS} seconds'
                         then 'renewed' else 'answered' end,
            answer_status = $2, failure = $3, hint_code = coalesce($3, hint_code), answered_at = $4,
            collect_lease = null, collect_lease_until = null, settle_lease = null, settle_lease_until = null,
            settle_tries = 0, settled_at = null, outcome = null
      -- Counting makes PostgreSQL store the answer before it updates the order.
      where id = $1 and (select count(*) from stored) >= 0
        and (state in ('pending', 'answer-unknown')
             or ($2 = 'complete' and failure = 'answer-lost' and state in ('answered', 'set-aside', 'settled')))
     returning id, state),
   noted as (
     insert into sign_order_event (order_id, at, event) select id, $4, coalesce($3, $2) from finished)
   select state from finished`,
);

/**
 * Stores an answer, unless one is stored already, and finishes its order, with or without its lease: the answer is the same for
 * every instance. A signature whose answer was considered lost is settled (again): a payer has signed, and that must not be lost.
 * Undefined if the order has already been finished otherwise.
 * @param final of any hint code but {@link NOT_STARTED}
 */
export async function storeAnswer(
  scope: Scope,
  final: FinalState,
  answerSealed: Buffer,
): Promise<'answered' | undefined> {
  return maybeRow(scope, STORE_ANSWER, answerValues(final, answerSealed), () => 'answered');
}

/** The same for {@link NOT_STARTED}: a QR code not scanned, or a link not opened in an app, is renewed instead, as long as a press may last. */
export async function storeOrRenew(
  tx: Tx,
  final: FinalState,
  answerSealed: Buffer,
): Promise<'answered' | 'renewed' | undefined> {
  return maybeRow(
    tx,
    STORE_ANSWER,
    answerValues(final, answerSealed),
    (row) => text(row, 'state') as 'answered' | 'renewed',
  );
}

function answerValues(final: FinalState, answerSealed: Buffer): readonly unknown[] {
  return [final.orderId, final.status, final.hintCode ?? null, final.at, answerSealed];
}

function parseLeased(row: Row): LeasedOrder {
  const subject = text(row, 'subject');
  return {
    orderId: text(row, 'id') as OrderId,
    orderRef: text(row, 'order_ref'),
    relyingParty: text(row, 'relying_party'),
    group: text(row, 'order_group'),
    subject,
    hintCode: optionalText(row, 'hint_code'),
    answerUnknown: bool(row, 'answer_unknown'),
    leaseId: text(row, 'collect_lease'),
    key: parseWrappedKey(row, subject),
  };
}
