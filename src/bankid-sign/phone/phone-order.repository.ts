import type { ClientId, OrderId } from '../../kernel/ids.ts';
import { execute, maybeRow, rows, type Database, type Tx } from '../../database/database.ts';
import { bool, instant, int, optionalInstant, optionalText, text, type Row } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';

/** How many of a client's latest orders are looked at, and how many of them may have been declined or left to expire. */
const RECENT = 50;
const MAX_DECLINED = 10;

/** A request lives for at least 30 s; this is less than it waits then at BankID. */
const UNANSWERED_SECONDS = 20;

/**
 * The person said no, or did not answer: also where it was not BankID that ended the order at last, but the end of a short request, or
 * its client.
 */
const declined = `(failure in ('userDeclinedCall', 'userCancel', 'expiredTransaction')
    or failure = 'withdrawn' and waited >= interval '${UNANSWERED_SECONDS} seconds')`;

/** BankID asked the person, or may have; or it refused the order because of another, which it then cancelled too. */
const asked = "(o.state <> 'refused' or o.failure = 'already-in-progress')";

const LOCK_PERSON = statement(
  'bankid-sign.lockPerson',
  `select pg_advisory_xact_lock(hashtextextended(encode(person, 'hex'), 7307))
     from (select person from unnest($1::bytea[]) as persons (person) order by person) sorted`,
);

/** Makes the phone orders for this person wait for each other until the transaction ends. */
export async function lockPerson(tx: Tx, personHashes: readonly Buffer[]): Promise<void> {
  await rows(tx, LOCK_PERSON, [personHashes], () => undefined);
}

/** What stands against another phone order. */
export interface PhoneCount {
  readonly inTenMinutes: number;
  readonly inDay: number;
  /** Another client has an open one for the person. */
  readonly isBusy: boolean;
  /** Groups of the open ones of the same client for the person. */
  readonly openGroups: readonly string[];
  /** Too many of the client's latest were declined. */
  readonly isStopped: boolean;
}

/** What became of the latest orders of an `asker`, with its client id and the time since which they count. */
const RECENT_ORDERS = `
  select o.failure, o.answered_at - o.requested_at as waited from phone_order p join sign_order o on o.id = p.order_id
   where p.client_id = asker.client_id and p.placed_at > coalesce(asker.lifted_at, '-infinity')
   order by p.placed_at desc, p.order_id limit ${RECENT}`;

const COUNT_PHONE_ORDERS = statement(
  'bankid-sign.countPhoneOrders',
  `with of_person as (
     select p.client_id, p.placed_at, o.order_group, o.state in ('requested', 'pending', 'answer-unknown') as is_open
       from phone_order p join sign_order o on o.id = p.order_id
      where p.person_hash = any($1::bytea[]) and p.placed_at > $3 and ${asked}),
   asker as (select $2::text as client_id, (select max(lifted_at) from phone_lift where client_id = $2) as lifted_at),
   recent as (select latest.failure, latest.waited from asker cross join lateral (${RECENT_ORDERS}) latest)
   select (select count(*)::int from of_person where placed_at > $4) as in_ten_minutes,
          (select count(*)::int from of_person) as in_day,
          exists (select from of_person where is_open and client_id <> $2) as is_busy,
          array(select order_group::text from of_person where is_open and client_id = $2) as open_groups,
          (select count(*) from recent where ${declined}) >= ${MAX_DECLINED} as is_stopped`,
);

/** Behind {@link lockPerson}. */
export async function countPhoneOrders(
  tx: Tx,
  about: {
    readonly personHashes: readonly Buffer[];
    readonly clientId: ClientId;
    readonly daySince: Date;
    readonly tenMinutesSince: Date;
  },
): Promise<PhoneCount> {
  const values = [about.personHashes, about.clientId, about.daySince, about.tenMinutesSince];
  const count = await maybeRow(tx, COUNT_PHONE_ORDERS, values, (row) => ({
    inTenMinutes: int(row, 'in_ten_minutes'),
    inDay: int(row, 'in_day'),
    isBusy: bool(row, 'is_busy'),
    openGroups: row['open_groups'] as string[],
    isStopped: bool(row, 'is_stopped'),
  }));
  if (!count) throw new TypeError('a count has no row');
  return count;
}

const INSERT_PHONE_ORDER = statement(
  'bankid-sign.insertPhoneOrder',
  'insert into phone_order (order_id, client_id, person_hash, placed_at) values ($1, $2, $3, $4)',
);

export async function insertPhoneOrder(
  tx: Tx,
  order: {
    readonly orderId: OrderId;
    readonly clientId: ClientId;
    readonly personHash: Buffer;
    readonly placedAt: Date;
  },
): Promise<void> {
  await execute(tx, INSERT_PHONE_ORDER, [order.orderId, order.clientId, order.personHash, order.placedAt]);
}

const FORGET_PERSONS = statement(
  'bankid-sign.forgetPersons',
  'update phone_order set person_hash = null where person_hash is not null and placed_at <= $1',
);

/** Of orders that count no more. */
export async function forgetPersons(database: Database, before: Date): Promise<void> {
  await execute(database, FORGET_PERSONS, [before]);
}

/** A client that has placed phone orders, and what became of the latest ones. */
export interface PhoneClient {
  readonly clientId: string;
  /** Its latest, at most 50, since the last lift. */
  readonly orders: number;
  readonly declined: number;
  readonly isStopped: boolean;
  readonly lastPlacedAt: Date;
  readonly liftedAt: Date | undefined;
  readonly liftedBy: string | undefined;
}

/** Jumps through the index from one client to the next, so that the history does not count. */
const SELECT_PHONE_CLIENTS = statement(
  'bankid-sign.selectPhoneClients',
  `with recursive clients as (
     (select client_id from phone_order order by client_id limit 1)
     union all
     select (select client_id from phone_order where client_id > clients.client_id order by client_id limit 1)
       from clients where clients.client_id is not null),
   askers as (
     select clients.client_id, lift.lifted_at, lift.lifted_by
       from clients left join lateral (select lifted_at, lifted_by from phone_lift where client_id = clients.client_id
                                        order by lifted_at desc limit 1) lift on true
      where clients.client_id is not null)
   select asker.client_id, asker.lifted_at, asker.lifted_by, recent.orders, recent.declined,
          recent.declined >= ${MAX_DECLINED} as is_stopped,
          (select placed_at from phone_order where client_id = asker.client_id order by placed_at desc limit 1) as last_placed_at
     from askers asker
     cross join lateral (select count(*)::int as orders, (count(*) filter (where ${declined}))::int as declined
                           from (${RECENT_ORDERS}) latest) recent
    order by asker.client_id`,
);

export async function selectPhoneClients(database: Database): Promise<PhoneClient[]> {
  return rows(database, SELECT_PHONE_CLIENTS, [], parseClient);
}

function parseClient(row: Row): PhoneClient {
  return {
    clientId: text(row, 'client_id'),
    orders: int(row, 'orders'),
    declined: int(row, 'declined'),
    isStopped: bool(row, 'is_stopped'),
    lastPlacedAt: instant(row, 'last_placed_at'),
    liftedAt: optionalInstant(row, 'lifted_at'),
    liftedBy: optionalText(row, 'lifted_by'),
  };
}

const INSERT_LIFT = statement(
  'bankid-sign.insertLift',
  'insert into phone_lift (client_id, lifted_at, lifted_by) values ($1, $2, $3)',
);

export async function insertLift(
  database: Database,
  lift: { readonly clientId: ClientId; readonly liftedAt: Date; readonly liftedBy: string },
): Promise<void> {
  await execute(database, INSERT_LIFT, [lift.clientId, lift.liftedAt, lift.liftedBy]);
}
