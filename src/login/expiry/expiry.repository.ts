import {
  findPendingGroups,
  findUnsettledGroups,
  hasUnsettledAnswer,
} from '../../bankid-sign/order-group.repository.ts';
import type { ClientId, LoginId } from '../../kernel/ids.ts';
import { maybeRow, rows, type Scope, type Tx } from '../../database/database.ts';
import { text, type Row } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import { PURPOSE, type NamedLogin } from '../login.ts';

const EXPIRE = statement(
  'login.expire',
  `update login l set state = 'expired', ended_at = $1, reason = 'no-authentication'
     from (select id from login
            where ended_at is null and expires_at <= $1 and not id = any($3::uuid[])
            order by expires_at limit $2 for update skip locked) due
    where l.id = due.id
   returning l.id, l.client_id`,
);

/**
 * awaiting → expired, up to `limit`. A login with an answer that is not yet settled is left alone: an answer that came in time
 * authenticates, even if it is settled late.
 */
export async function expire(tx: Tx, now: Date, limit: number): Promise<NamedLogin[]> {
  const answered = await findUnsettledGroups(tx, PURPOSE);
  return rows(tx, EXPIRE, [now, limit, answered], parseNamed);
}

const EXPIRE_ONE = statement(
  'login.expireOne',
  `update login set state = 'expired', ended_at = $1, reason = 'no-authentication'
    where id = $2 and state = 'awaiting' and expires_at <= $1 and not $3::boolean
   returning id, client_id`,
);

/** The same for one login; waits if another transaction has locked its row. */
export async function expireOne(tx: Tx, loginId: LoginId, now: Date): Promise<NamedLogin | undefined> {
  const isAnswered = await hasUnsettledAnswer(tx, PURPOSE, loginId);
  return maybeRow(tx, EXPIRE_ONE, [now, loginId, isAnswered], parseNamed);
}

const EXPIRE_BEFORE = statement(
  'login.expireBefore',
  `update login l set state = 'expired', ended_at = $2, reason = 'no-authentication'
     from (select id from login
            where ended_at is null and created_at < $1
            order by id limit $3 for update) due
    where l.id = due.id
   returning l.id, l.client_id`,
);

/**
 * awaiting → expired, up to `limit` that were asked for before `before`, even if their time is not up or an answer waits to be settled,
 * which is then stored as surplus.
 */
export async function expireBefore(tx: Tx, before: Date, now: Date, limit: number): Promise<NamedLogin[]> {
  return rows(tx, EXPIRE_BEFORE, [before, now, limit], parseNamed);
}

function parseNamed(row: Row): NamedLogin {
  return { loginId: text(row, 'id') as LoginId, clientId: text(row, 'client_id') as ClientId };
}

const FIND_ENDED = statement(
  'login.findEnded',
  `select l.id from unnest($1::uuid[]) with ordinality pending (id, place) join login l on l.id = pending.id
    where l.state <> 'awaiting'
    order by pending.place limit $2`,
);

/** Ended logins with an order at BankID, by which a person could still identify themselves to no effect. */
export async function findEndedWithOpenOrder(scope: Scope, limit: number): Promise<LoginId[]> {
  const pending = await findPendingGroups(scope, PURPOSE);
  if (pending.length === 0) return [];
  return rows(scope, FIND_ENDED, [pending, limit], (row) => text(row, 'id') as LoginId);
}
