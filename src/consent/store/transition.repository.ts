import {
  findPendingGroups,
  findUnsettledGroups,
  hasUnsettledAnswer,
  hasUnsettledOrder,
} from '../../bankid-sign/order-group.repository.ts';
import type { ClientId, ConsentId, InteractionId } from '../../kernel/ids.ts';
import { execute, maybeRow, rows, type Scope, type Tx } from '../../database/database.ts';
import { int, text, type Row } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import { MAX_FAILED_ATTEMPTS, PURPOSE, type ConsentState, type EndReason } from '../consent.ts';
import { pressLimits } from '../lifetimes.ts';

/** The consent `c` is over at $1: its time is up, and it does not wait for a verdict, which the condition `waits` says. */
const over = (waits: string): string => `c.state in ('awaiting-authorisation', 'authorised') and c.expires_at <= $1
          and (c.state = 'authorised' or not ${waits})`;

/** A party of the consent `c` as it was signed; until then, as it was pushed. */
function signed(party: 'client_id' | 'bank'): string {
  return `coalesce((select a.${party} from authorisation a where a.consent_id = c.id), c.${party})`;
}

const REASON = `case when c.state = 'awaiting-authorisation' then 'no-authorisation'
                 when c.returned_at is null then 'no-return' else 'no-consumption' end`;

const BIND_UNBOUND = statement(
  'consent.bindUnbound',
  `update consent set browser_cookie_hash = $2
    where interaction_id = $1 and browser_cookie_hash is null
      and state = 'awaiting-authorisation' and expires_at > $3 and created_at > $4
   returning id`,
);

/** Binds an interaction that no browser has. Undefined where one has it already, or the time to begin is over. */
export async function bindUnbound(
  tx: Tx,
  interactionId: InteractionId,
  cookieHash: Buffer,
  times: { readonly now: Date; readonly pushedAfter: Date },
): Promise<ConsentId | undefined> {
  return maybeRow(
    tx,
    BIND_UNBOUND,
    [interactionId, cookieHash, times.now, times.pushedAfter],
    (row) => text(row, 'id') as ConsentId,
  );
}

const COUNT_FAILED_ATTEMPT = statement(
  'consent.countFailedAttempt',
  `update consent set failed_attempts = failed_attempts + 1,
          state = case when failed_attempts + 1 < $3 then state else 'rejected' end,
          reason = case when failed_attempts + 1 < $3 then null else 'attempts' end,
          ended_at = case when failed_attempts + 1 < $3 then null else $2::timestamptz end
    where id = $1 and state = 'awaiting-authorisation'
   returning failed_attempts, state`,
);

/** Counts a failed order and gives the number of them; the fifth ends the consent. Nothing when it no longer waits. */
export async function countFailedAttempt(
  tx: Tx,
  consentId: ConsentId,
  now: Date,
): Promise<{ readonly failedAttempts: number; readonly state: ConsentState } | undefined> {
  return maybeRow(tx, COUNT_FAILED_ATTEMPT, [consentId, now, MAX_FAILED_ATTEMPTS], (row) => ({
    failedAttempts: int(row, 'failed_attempts'),
    state: text(row, 'state') as ConsentState,
  }));
}

const END_WITHOUT_PRESSES = statement(
  'consent.endWithoutPresses',
  `update consent set state = 'rejected', reason = 'attempts', ended_at = $2
    where id = $1 and state = 'awaiting-authorisation'
      and (select count(*) from signing_attempt
            where consent_id = $1 and outcome is distinct from 'not-asked') >= $3
      and not exists (select from signing_attempt
            where consent_id = $1 and outcome is null and started_at > $2::timestamptz - interval '30 seconds')`,
);

/**
 * awaiting-authorisation → rejected, where every press of the interaction has been used and BankID has, or may yet get, no order
 * of it. A press whose process died before it was over is over after as long as a call of /sign can take. No order is made but
 * after a press that stands here, so none can come between the two statements.
 */
export async function endWithoutPresses(tx: Tx, consentId: ConsentId, now: Date): Promise<boolean> {
  if (await hasUnsettledOrder(tx, PURPOSE, consentId)) return false;
  const ended = await execute(tx, END_WITHOUT_PRESSES, [consentId, now, pressLimits.presses]);
  return ended === 1;
}

const AUTHORISE = statement(
  'consent.authorise',
  `update consent set state = 'authorised', authorised_at = $2, expires_at = $4
    where id = $1 and state = 'awaiting-authorisation' and expires_at > $3`,
);

/** awaiting-authorisation → authorised, by an answer that came in time. The row stays locked: the rest of transaction B follows. */
export async function authorise(
  tx: Tx,
  consentId: ConsentId,
  times: { readonly now: Date; readonly receivedAt: Date; readonly returnBy: Date },
): Promise<boolean> {
  const authorised = await execute(tx, AUTHORISE, [consentId, times.now, times.receivedAt, times.returnBy]);
  return authorised === 1;
}

const REJECT = statement(
  'consent.reject',
  `update consent set state = 'rejected', reason = $2, ended_at = $3
    where id = $1 and state = 'awaiting-authorisation'`,
);

/** awaiting-authorisation → rejected. */
export async function reject(tx: Tx, consentId: ConsentId, reason: EndReason, now: Date): Promise<boolean> {
  const rejected = await execute(tx, REJECT, [consentId, reason, now]);
  return rejected === 1;
}

const REVOKE = statement(
  'consent.revoke',
  `update consent c set state = 'revoked', reason = $4, ended_at = $5, live_token_hash = null, live_token_expires_at = null
    where id = $1 and (${signed('client_id')} = $2 or ${signed('bank')} = $3) and state in ('awaiting-authorisation', 'authorised')
      and (expires_at > $5 or (state = 'awaiting-authorisation' and $6::boolean))
   returning ${signed('bank')} as bank`,
);

/**
 * awaiting-authorisation or authorised → revoked, by a party of the consent. What could still become authorised, because an
 * answer that came in time waits to be settled, can be revoked too, whatever the clock says.
 */
export async function revoke(
  tx: Tx,
  consentId: ConsentId,
  party: { readonly clientId?: ClientId; readonly bank?: ClientId },
  reason: EndReason,
  now: Date,
): Promise<{ readonly bank: ClientId } | undefined> {
  const isAnswered = await hasUnsettledAnswer(tx, PURPOSE, consentId);
  const values = [consentId, party.clientId ?? null, party.bank ?? null, reason, now, isAnswered];
  return maybeRow(tx, REVOKE, values, (row) => ({ bank: text(row, 'bank') as ClientId }));
}

/** An expired consent: what its event in the audit trail needs. */
export interface ExpiredConsent {
  readonly consentId: ConsentId;
  readonly bank: ClientId;
  readonly reason: EndReason;
}

const EXPIRE = statement(
  'consent.expire',
  `update consent c set state = 'expired', ended_at = $1, reason = ${REASON}
     from (select c.id from consent c
            where ${over('c.id = any($3::uuid[])')}
            order by c.expires_at limit $2 for update skip locked) due
    where c.id = due.id
   returning c.id, c.bank, c.reason`,
);

/**
 * awaiting-authorisation or authorised → expired, up to `limit`. A waiting consent with an answer that is not settled yet
 * is left alone: an answer that came in time authorises, however late the settler is.
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

/** The same for one consent; waits where another transaction has locked its row. */
export async function expireOne(tx: Tx, consentId: ConsentId, now: Date): Promise<ExpiredConsent | undefined> {
  const isAnswered = await hasUnsettledAnswer(tx, PURPOSE, consentId);
  return maybeRow(tx, EXPIRE_ONE, [now, consentId, isAnswered], parseExpired);
}

const EXPIRE_UNBEGUN = statement(
  'consent.expireUnbegun',
  `update consent c set state = 'expired', ended_at = $1, reason = 'no-authorisation'
    where c.interaction_id = $2 and c.browser_cookie_hash is null and c.state = 'awaiting-authorisation'
      and (c.created_at <= $3 or c.expires_at <= $1)
   returning c.id, c.bank, c.reason`,
);

/** The same for an interaction that no browser has begun, and that none can begin any more. */
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
            where state in ('awaiting-authorisation', 'authorised') and created_at < $1
            order by id limit $3 for update) due
    where c.id = due.id
   returning c.id, c.bank, c.reason`,
);

/**
 * awaiting-authorisation or authorised → expired, up to `limit` that were pushed before `before`: also one whose time is not up,
 * and one with an answer that waits to be settled, which is then kept as surplus.
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

/** Ended consents of which BankID has an order: a payer who signs it now signs for nothing. */
export async function findEndedWithOpenOrder(scope: Scope, limit: number): Promise<ConsentId[]> {
  const pending = await findPendingGroups(scope, PURPOSE);
  if (pending.length === 0) return [];
  return rows(scope, FIND_ENDED, [pending, limit], (row) => text(row, 'id') as ConsentId);
}
