import type { OrderId } from '../../kernel/ids.ts';
import { COMMITS_ASYNCHRONOUSLY } from '../../database/asynchronous-commit.repository.ts';
import { execute, rows, type Database, type Scope, type Tx } from '../../database/database.ts';
import { instant, int, optionalBytes, optionalText, text, type Row } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import { parseWrappedKey, type WrappedKey } from '../../vault/wrapped-key.ts';
import type { OrderDevice, OrderKind, TimelineEntry } from '../sign-order.ts';

/** An answered order as its rows hold it. */
export interface ClaimedOrder {
  readonly orderId: OrderId;
  readonly leaseId: string;
  readonly purpose: string;
  readonly group: string;
  readonly subject: string;
  readonly kind: OrderKind;
  readonly device: OrderDevice;
  readonly relyingPartyName: string;
  readonly requestSealed: Buffer | undefined;
  readonly requestedAt: Date;
  readonly startedAt: Date;
  readonly answeredAt: Date;
  readonly renewal: number;
  readonly answerStatus: 'complete' | 'failed';
  readonly failure: string | undefined;
  readonly answerSealed: Buffer | undefined;
  /** Undefined where it was destroyed. */
  readonly key: WrappedKey | undefined;
  /** Oldest first. */
  readonly timeline: readonly TimelineEntry[];
}

/** What leasing came to: orders to be settled now, and ids of those that were tried too often. */
export interface Claim {
  readonly claimed: readonly ClaimedOrder[];
  readonly setAside: readonly OrderId[];
  /** The queue whose turn was the last; undefined when nothing was due. */
  readonly lastQueue: string | undefined;
}

/** How often an order is tried before it is set aside: with the growing leases, some 23 minutes. */
const MAX_TRIES = 8;
const MAX_LEASE_SECONDS = 300;

const isExhausted = `o.settle_tries >= ${MAX_TRIES}`;

/** The queue that an order waits in, as `sign_order_unsettled` has it: the second part of its subject, which of a consent is the bank. */
const QUEUE = "split_part(subject, ':', 2)";

/**
 * Queues take turns, beginning with the one after `$6`: a burst at one bank holds up no other. `queues` jumps through the index
 * from one to the next, so that neither the length of a burst nor the history counts. Up to `$4` orders of each are locked until
 * the statement ends, and `$4` in all are taken; another instance skips what is locked and takes those behind.
 *
 * `$4` comes by way of a select: a plan that knows the number seems better than one for any number, and PostgreSQL would make it anew
 * each time, which took 0.9 ms.
 */
const LEASE_ANSWERED = statement(
  'bankid-sign.leaseAnswered',
  `with recursive queues as (
     (select ${QUEUE} as queue from sign_order where state = 'answered' and purpose = $1 order by ${QUEUE} limit 1)
     union all
     select (select ${QUEUE} from sign_order
              where state = 'answered' and purpose = $1 and ${QUEUE} > queues.queue order by ${QUEUE} limit 1)
       from queues where queues.queue is not null),
   due as (
     select id, queue, turn, queue <= $6 as had_its_turn
       from queues cross join lateral (
         select id, row_number() over (order by seq) as turn
           from (select id, seq from sign_order
                  where state = 'answered' and purpose = $1 and ${QUEUE} = queues.queue
                    and (settle_after is null or settle_after <= $5)
                    and (settle_lease_until is null or settle_lease_until < clock_timestamp())
                  order by seq limit (select $4::int) for update skip locked) oldest) queued
      order by turn, had_its_turn, queue limit (select $4::int)),
   claimed as (
     update sign_order o
        set state = case when ${isExhausted} then 'set-aside' else o.state end,
            failure = case when ${isExhausted} then coalesce(o.failure, 'not-settled') else o.failure end,
            settle_lease = case when ${isExhausted} then null else $2::uuid end,
            settle_lease_until = case when ${isExhausted} then null else clock_timestamp()
              + make_interval(secs => least($3 / 1000.0 * power(2, o.settle_tries), ${MAX_LEASE_SECONDS})) end,
            settle_tries = case when ${isExhausted} then o.settle_tries else o.settle_tries + 1 end
       from due
      where o.id = due.id
     returning o.id, o.state, o.settle_lease, o.purpose, o.order_group, o.subject, o.kind, o.device, o.relying_party_name,
               o.requested_at, o.started_at, o.answered_at, o.renewal, o.answer_status, o.failure,
               due.queue, due.turn, due.had_its_turn, ${COMMITS_ASYNCHRONOUSLY}),
   noted as (
     insert into sign_order_event (order_id, at, event) select id, $5, 'set-aside' from claimed where state = 'set-aside')
   select claimed.id, state, settle_lease, purpose, order_group, claimed.subject, kind, device, relying_party_name, request_sealed,
          requested_at, started_at, answered_at, renewal, answer_status, failure, answer_sealed, queue, key_id, kek_id,
          wrapped, coalesce((select json_agg(json_build_object('at', e.at, 'event', e.event) order by e.seq)
                               from sign_order_event e where e.order_id = claimed.id), '[]') as timeline
     from claimed
     left join sign_order_request r on r.order_id = claimed.id
     left join bankid_answer a on a.order_id = claimed.id
     left join lateral (select key_id, kek_id, wrapped from data_key d
                         where d.subject = claimed.subject order by wrapped_at desc limit 1) k on true
    order by turn, had_its_turn, queue`,
);

/** What is to be claimed. */
export interface ClaimRequest {
  readonly purpose: string;
  readonly leaseId: string;
  readonly leaseMs: number;
  readonly limit: number;
  readonly now: Date;
  /** The queue that had the last turn. */
  readonly afterQueue: string;
}

/**
 * Leases up to `limit` answered orders of a purpose that may be settled now and that no other instance is settling, of each queue
 * the oldest first. A settlement that fails keeps its lease, and each lease is twice as long as the one before; the order that has
 * been tried too often is set aside instead. A process that dies while settling has tried, too.
 */
export async function leaseAnswered(database: Database, claim: ClaimRequest): Promise<Claim> {
  const { purpose, leaseId, leaseMs, limit, now, afterQueue } = claim;
  const found = await rows(database, LEASE_ANSWERED, [purpose, leaseId, leaseMs, limit, now, afterQueue], (row) => ({
    queue: text(row, 'queue'),
    order: text(row, 'state') === 'set-aside' ? (text(row, 'id') as OrderId) : parseClaimed(row),
  }));
  const orders = found.map(({ order }) => order);
  return {
    claimed: orders.filter((order) => typeof order !== 'string'),
    setAside: orders.filter((order) => typeof order === 'string'),
    lastQueue: found.at(-1)?.queue,
  };
}

const COUNT_SET_ASIDE = statement(
  'bankid-sign.countSetAside',
  `select count(*)::int as count from sign_order where state = 'set-aside'`,
);

/** How many orders wait for an operator. */
export async function countSetAside(scope: Scope): Promise<number> {
  const [count = 0] = await rows(scope, COUNT_SET_ASIDE, [], (row) => int(row, 'count'));
  return count;
}

const RECORD_UNREADABLE = statement(
  'bankid-sign.recordUnreadable',
  'update sign_order set failure = $2 where id = $1 and failure is null',
);

/** A complete answer that cannot be read is a failure, and the payer's page must see it. */
export async function recordUnreadable(scope: Scope, orderId: OrderId, failure: string): Promise<void> {
  await execute(scope, RECORD_UNREADABLE, [orderId, failure]);
}

const DEFER_SETTLEMENT = statement(
  'bankid-sign.deferSettlement',
  `update sign_order set settle_after = $3, settle_lease = null, settle_lease_until = null, settle_tries = 0
    where id = $1 and settle_lease = $2 and state = 'answered'`,
);

/** Waiting is not a failed try. False when another instance holds the lease. */
export async function deferSettlement(scope: Scope, orderId: string, leaseId: string, until: Date): Promise<boolean> {
  const deferred = await execute(scope, DEFER_SETTLEMENT, [orderId, leaseId, until]);
  return deferred === 1;
}

const RESUME_SETTLEMENT = statement(
  'bankid-sign.resumeSettlement',
  `update sign_order set settle_after = null where order_group = $1 and state = 'answered' and settle_after is not null`,
);

/** What the group's order was deferred for has happened. */
export async function resumeSettlement(scope: Scope, group: string): Promise<boolean> {
  const resumed = await execute(scope, RESUME_SETTLEMENT, [group]);
  return resumed > 0;
}

const MARK_SETTLED = statement(
  'bankid-sign.markSettled',
  `update sign_order set state = 'settled', settled_at = $4, outcome = $3, settle_lease = null, settle_lease_until = null
    where id = $1 and settle_lease = $2 and state = 'answered'`,
);

/** False when another instance holds the lease, or the order was settled. */
export async function markSettled(
  tx: Tx,
  settled: { orderId: string; leaseId: string; outcome: string; at: Date },
): Promise<boolean> {
  const marked = await execute(tx, MARK_SETTLED, [settled.orderId, settled.leaseId, settled.outcome, settled.at]);
  return marked === 1;
}

function parseClaimed(row: Row): ClaimedOrder {
  return {
    orderId: text(row, 'id') as OrderId,
    leaseId: text(row, 'settle_lease'),
    purpose: text(row, 'purpose'),
    group: text(row, 'order_group'),
    subject: text(row, 'subject'),
    kind: text(row, 'kind') as OrderKind,
    device: text(row, 'device') as OrderDevice,
    relyingPartyName: text(row, 'relying_party_name'),
    requestSealed: optionalBytes(row, 'request_sealed'),
    requestedAt: instant(row, 'requested_at'),
    startedAt: instant(row, 'started_at'),
    answeredAt: instant(row, 'answered_at'),
    renewal: int(row, 'renewal'),
    answerStatus: text(row, 'answer_status') as ClaimedOrder['answerStatus'],
    failure: optionalText(row, 'failure'),
    answerSealed: optionalBytes(row, 'answer_sealed'),
    key: parseWrappedKey(row, text(row, 'subject')),
    timeline: parseTimeline(row['timeline']),
  };
}

function parseTimeline(value: unknown): TimelineEntry[] {
  const entries = value as readonly { readonly at: string; readonly event: string }[];
  return entries.map(({ at, event }) => ({ at: new Date(at), event }));
}
