import { bindingColumns, type TokenBinding } from '../../../client-auth/token-binding.ts';
import { neutralReason, type EndReason } from '../../../consent/consent.ts';
import { execute, maybeRow, type Scope } from '../../../database/database.ts';
import { bool, instant, optionalInstant, text, type Row } from '../../../database/rows.ts';
import { statement } from '../../../database/statement.ts';
import { addMs } from '../../../kernel/clock.ts';
import type { ClientId } from '../../../kernel/ids.ts';
import { neutralLoginReason, REDEEM_MS, type LoginEndReason } from '../../../login/login.ts';
import { parseTarget, type RequestTarget } from '../store/request-target.ts';
import { intervalOf } from './intervals.ts';

/** A client that asks for the token of its request. */
export interface Poll {
  readonly authReqIdHash: Buffer;
  readonly clientId: ClientId;
  readonly binding: TokenBinding;
  readonly now: Date;
}

/** What became of a request: `answered` has a token to be fetched until a time. */
export type Outcome =
  | { readonly kind: 'pending' }
  | { readonly kind: 'answered'; readonly until: Date }
  | { readonly kind: 'expired' }
  | { readonly kind: 'denied'; readonly reason: string }
  | { readonly kind: 'used' };

/** How far a request has come. */
export interface PolledRequest {
  readonly target: RequestTarget;
  readonly outcome: Outcome;
  /** Of the request, as it was answered. */
  readonly expiresAt: Date;
  readonly isRedeemed: boolean;
  /** Whether the poll came before the interval was over. Never for a request that has ended: that is told at once. */
  readonly isEarly: boolean;
}

/**
 * Client and key are compared before the interval is touched, so that no other caller can slow a client down. The row is unlogged: asking
 * writes nothing that a disk has to confirm. Timers are not exact, so a poll may come half a second early.
 */
const POLL_REQUEST = statement(
  'token.pollBackchannelRequest',
  `with request as (
     select r.id, r.way, r.expires_at, r.redeemed_at, r.consent_id, r.login_id,
            coalesce(c.state, l.state) as state, coalesce(c.reason, l.reason) as reason,
            c.expires_at as consent_expires_at, a.authenticated_at
       from backchannel_request r
            left join consent c on c.id = r.consent_id
            left join login l on l.id = r.login_id
            left join authentication a on a.login_id = l.id
      where r.auth_req_id_hash = $1 and r.client_id = $2
        and (num_nonnulls(r.jkt, r.x5t) = 0 or r.jkt = $3 or r.x5t = $4)),
   polled as (
     insert into backchannel_poll as p (request_id, polled_at, interval_seconds, was_early, expires_at)
     select id, $5::timestamptz, case way when 'phone' then $6::integer else $7::integer end, false, expires_at
       from request where state in ('awaiting-authorisation', 'awaiting')
     on conflict (request_id) do update
        set polled_at = greatest(p.polled_at, excluded.polled_at),
            was_early = excluded.polled_at < p.polled_at + make_interval(secs => p.interval_seconds - 0.5),
            interval_seconds = p.interval_seconds
              + case when excluded.polled_at < p.polled_at + make_interval(secs => p.interval_seconds - 0.5) then 5 else 0 end
     returning was_early)
   select r.consent_id, r.login_id, r.state, r.reason, r.consent_expires_at, r.authenticated_at, r.expires_at, r.redeemed_at,
          coalesce(p.was_early, false) as early
     from request r left join polled p on true`,
);

/** Undefined for an unknown request, one of another client, and one that is bound to another key. */
export async function pollRequest(
  scope: Scope,
  { authReqIdHash, clientId, binding, now }: Poll,
): Promise<PolledRequest | undefined> {
  const values = [authReqIdHash, clientId, ...bindingColumns(binding), now, intervalOf('phone'), intervalOf('qr')];
  return maybeRow(scope, POLL_REQUEST, values, parsePolled);
}

function parsePolled(row: Row): PolledRequest {
  const target = parseTarget(row);
  return {
    target,
    outcome: target.purpose === 'login' ? outcomeOfLogin(row) : outcomeOfPayment(row),
    expiresAt: instant(row, 'expires_at'),
    isRedeemed: optionalInstant(row, 'redeemed_at') !== undefined,
    isEarly: bool(row, 'early'),
  };
}

function outcomeOfPayment(row: Row): Outcome {
  switch (text(row, 'state')) {
    case 'awaiting-authorisation':
      return { kind: 'pending' };
    case 'authorised':
      return { kind: 'answered', until: instant(row, 'consent_expires_at') };
    case 'expired':
      return { kind: 'expired' };
    case 'consumed':
      return { kind: 'used' };
    default:
      return { kind: 'denied', reason: neutralReason(text(row, 'reason') as EndReason) };
  }
}

function outcomeOfLogin(row: Row): Outcome {
  switch (text(row, 'state')) {
    case 'awaiting':
      return { kind: 'pending' };
    case 'authenticated':
      return { kind: 'answered', until: addMs(instant(row, 'authenticated_at'), REDEEM_MS) };
    case 'expired':
      return { kind: 'expired' };
    default:
      return { kind: 'denied', reason: neutralLoginReason(text(row, 'reason') as LoginEndReason) };
  }
}

const FIND_OLDEST_POLL = statement(
  'token.findOldestPoll',
  'select min(expires_at) as expires_at from backchannel_poll',
);

/** The earliest expiry of the stored polls; undefined if there are none. */
export async function findOldestPoll(scope: Scope): Promise<Date | undefined> {
  return maybeRow(scope, FIND_OLDEST_POLL, [], (row) => optionalInstant(row, 'expires_at'));
}

const DELETE_EXPIRED_POLLS = statement(
  'token.deleteExpiredPolls',
  `delete from backchannel_poll
    where request_id = any(array(select request_id from backchannel_poll where expires_at < $1
                                  order by expires_at limit $2 for update skip locked))`,
);

/** Deletes up to `limit` polls of requests that expired before `before`; a locked row is left for the next run. */
export async function deleteExpiredPolls(scope: Scope, before: Date, limit: number): Promise<number> {
  return execute(scope, DELETE_EXPIRED_POLLS, [before, limit]);
}
