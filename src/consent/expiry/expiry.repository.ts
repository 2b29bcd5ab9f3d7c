import {
  findPendingGroups,
  findUnsettledGroups,
  hasUnsettledAnswer,
} from '../../bankid-sign/order-group.repository.ts';
import type { ClientId, ConsentId, InteractionId } from '../../kernel/ids.ts';
import { maybeRow, rows, type Scope, type Tx } from '../../database/database.ts';
import { text, type Row } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import { PURPOSE, type EndReason } from '../consent.ts';

/** The consent `c` is over at $1: its time is up, and it does not wait for a verdict, which is the condition `waits`. */
const over = (waits: string): string => `c.state in ('awaiting-authorisation', 'authorised') and c.expires_at <= $1
          and (c.state = 'authorised' or not ${waits})`;

const REASON = `case when c.state = 'awaiting-authorisation' then 'no-authorisation'
                 when c.returned_at is null then 'no-return' else 'no-consumption' end`;

/** An expired consent, with what its audit event needs. */
export interface ExpiredConsent {
  readonly consentId: ConsentId;
  readonly bank: ClientId;
  readonly reason: EndReason;
}

const EXPIRE = statement(
  'consent.expire',
  `update consent c set state = 'expired', ended_at = $1, reason = ${REASON}
     from (select c.id from consent c
            where c.ended_at is null and ${over('c.id = any($3::uuid[])')}
            order by c.expires_at limit $2 for update skip locked) due
    where c.id = due.id
   returning c.id, c.bank, c.reason`,
);

/**
 * awaiting-authorisation or authorised → expired, up to `limit`. A waiting consent with an answer that is not yet settled
 * is left alone: an answer that came in time authorises, even if it is settled late.
 */
export async function expire(tx: Tx, now: Date, limit: number): Promise<ExpiredConsent[]> {
  const answered = await findUnsettledGroups(tx, PURPOSE);
  return rows(tx, EXPIRE, [now, limit, answered], parseExpired);
}

const EXPIRE_ONE = statement(
  'consent.expireOne',
  `update consent c set state = 'expired', ended_at = $1, reason = ${REASON}
    where c.id = $2 and ${over('$3::boolean')}
   returning c.id, c.bank, c.reason`,
);

/** The same for one consent; waits if another transaction has locked its row. */
export async function expireOne(tx: Tx, consentId: ConsentId, now: Date): Promise<ExpiredConsent | undefined> {
  const isAnswered = await hasUnsettledAnswer(tx, PURPOSE, consentId);
  return maybeRow(tx, EXPIRE_ONE, [now, consentId, isAnswered], parseExpired);
}

const EXPIRE_UNBEGUN = statement(
  'consent.expireUnbegun',
  `update consent c set state = 'expired', ended_at = $1, reason = 'no-authorisation'
    where c.interaction_id = $2 and c.way = 'browser' and c.browser_cookie_hash is null and c.state = 'awaiting-authorisation'
      and (c.created_at <= $3 or c.expires_at <= $1)
   returning c.id, c.bank, c.reason`,
);

/** The same for an interaction that was not begun in time. */
export async function expireUnbegun(
  tx: Tx,
  interactionId: InteractionId,
  times: { readonly now: Date; readonly pushedAfter: Date },
): Promise<ExpiredConsent | undefined> {
  return maybeRow(tx, EXPIRE_UNBEGUN, [times.now, interactionId, times.pushedAfter], parseExpired);
}

const EXPIRE_BEFORE = statement(
  'consent.expireBefore',
  `update consent c set state = 'expired', ended_at = $2, reason = ${REASON}
     from (select id from consent
            where ended_at is null and created_at < $1
            order by id limit $3 for update) due
    where c.id = due.id
   returning c.id, c.bank, c.reason`,
);

/**
 * awaiting-authorisation or authorised → expired, up to `limit` that were pushed before `before`, even if their time is not up
 * or an answer waits to be settled, which is then stored as surplus.
 */
export async function expireBefore(tx: Tx, before: Date, now: Date, limit: number): Promise<ExpiredConsent[]> {
  return rows(tx, EXPIRE_BEFORE, [before, now, limit], parseExpired);
}

function parseExpired(row: Row): ExpiredConsent {
  return {
    consentId: text(row, 'id') as ConsentId,
    bank: text(row, 'bank') as ClientId,
    reason: text(row, 'reason') as EndReason,
  };
}

const FIND_ENDED = statement(
  'consent.findEnded',
  `select c.id from unnest($1::uuid[]) with ordinality pending (id, place) join consent c on c.id = pending.id
    where c.state in ('consumed', 'rejected', 'expired', 'revoked')
    order by pending.place limit $2`,
);

/** Ended consents with an order at BankID, which a payer could still sign to no effect. */
export async function findEndedWithOpenOrder(scope: Scope, limit: number): Promise<ConsentId[]> {
  const pending = await findPendingGroups(scope, PURPOSE);
  if (pending.length === 0) return [];
  return rows(scope, FIND_ENDED, [pending, limit], (row) => text(row, 'id') as ConsentId);
}
