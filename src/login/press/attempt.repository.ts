import {
  filledLimits,
  NOT_FILLED,
  parseFilled,
  type FilledLimits,
  type PersonCount,
} from '../../attempts/person-limits.repository.ts';
import type { LoginId } from '../../kernel/ids.ts';
import { execute, maybeRow, type Scope, type Tx } from '../../database/database.ts';
import { bool, int, optionalInstant } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';

export type AttemptOutcome =
  'not-asked' | 'not-placed' | 'withdrawn' | 'unreached' | 'failed' | 'refused' | 'surplus' | 'authenticated';

/** How an attempt ended. */
export interface AttemptEnd {
  readonly outcome: AttemptOutcome;
  /** BankID's hint code, or our own word. */
  readonly failure?: string;
  readonly reachedSigning?: boolean;
}

/** All that an attempt leaves behind, where no limit is reached. */
export interface NewAttempt extends PersonCount {
  readonly attemptId: string;
  readonly loginId: LoginId;
  readonly subject: string;
  readonly payerHash: Buffer | undefined;
  readonly returnNonceHash: Buffer | undefined;
  readonly startedAt: Date;
  /** Of the browser that presses; it binds a login that no browser has yet. */
  readonly cookieHash: Buffer | undefined;
  readonly maxPresses: number;
  /** A press waits where the person took an order back after this. */
  readonly cancelledBefore: Date;
  /** `browser.bound`, as text. */
  readonly bound: string;
  /** `order.requested`, as text. */
  readonly requested: string;
}

/** What is counted of a login, and of its person. */
export interface Counted extends FilledLimits {
  readonly isEntered: boolean;
  readonly presses: number;
  readonly cancelledAt: Date | undefined;
}

/** $1 to $4 are those of a {@link PersonCount}: of the two statements below. */
const FILLED_LIMITS = filledLimits('login_attempt');

/**
 * An attempt, with its event, where no limit is reached. It writes login, login_attempt and audit_event. It stands behind the lock of
 * the login's row, or in the transaction that made it, and behind the lock of the person, so that it sees the attempts before it. The
 * first press binds the browser, also where a limit is reached.
 */
const INSERT_ATTEMPT = statement(
  'login.insertAttempt',
  `with ${FILLED_LIMITS},
   presses as (
     select count(*) filter (where outcome is distinct from 'not-asked') as presses, max(cancelled_at) as cancelled_at
       from login_attempt where login_id = $6),
   new_binding as (
     update login set browser_cookie_hash = $10 where id = $6 and browser_cookie_hash is null and $10::bytea is not null returning id),
   new_attempt as (
     insert into login_attempt (id, login_id, client_id, bound_payer_hash, return_nonce_hash, started_at)
     select $5::uuid, $6::uuid, $2::text, $7::bytea, $8::bytea, $9::timestamptz
       from presses, filled
      where presses < $11 and (cancelled_at is null or cancelled_at <= $12)
        and num_nonnulls(certificate_failures, pair_failures, pair_orders) = 0
     returning id),
   new_events as (
     insert into audit_event (subject, event)
     select $13::text, event
       from (select 1 as place, $14::text as event from new_binding
              union all select 2, $15::text from new_attempt) happened
      order by place)
   select exists (select from new_attempt) as entered, presses, cancelled_at, certificate_failures, pair_failures, pair_orders
     from presses cross join filled`,
);

export async function insertAttempt(tx: Tx, attempt: NewAttempt): Promise<Counted> {
  const values = [
    attempt.personHashes,
    attempt.clientId,
    attempt.failuresSince,
    attempt.ordersSince,
    attempt.attemptId,
    attempt.loginId,
    attempt.payerHash ?? null,
    attempt.returnNonceHash ?? null,
    attempt.startedAt,
    attempt.cookieHash ?? null,
    attempt.maxPresses,
    attempt.cancelledBefore,
    attempt.subject,
    attempt.bound,
    attempt.requested,
  ];
  const counted = await maybeRow(tx, INSERT_ATTEMPT, values, (row) => ({
    ...parseFilled(row),
    isEntered: bool(row, 'entered'),
    presses: int(row, 'presses'),
    cancelledAt: optionalInstant(row, 'cancelled_at'),
  }));
  if (!counted) throw new TypeError('the statement that enters an attempt returned no row');
  return counted;
}

const FIND_FILLED_LIMITS = statement(
  'login.findFilledLimits',
  `with ${FILLED_LIMITS} select certificate_failures, pair_failures, pair_orders from filled`,
);

/** For each limit of the person whether it is reached. */
export async function findFilledLimits(scope: Scope, count: PersonCount): Promise<FilledLimits> {
  const values = [count.personHashes, count.clientId, count.failuresSince, count.ordersSince];
  return (await maybeRow(scope, FIND_FILLED_LIMITS, values, parseFilled)) ?? NOT_FILLED;
}

const END_ATTEMPT = statement(
  'login.endAttempt',
  `update login_attempt set outcome = $2, failure = $3, reached_signing = $4, ended_at = $5
    where id = $1 and outcome is null`,
);

/** Ends an attempt. No effect if it has already ended. */
export async function endAttempt(tx: Tx, attemptId: string, end: AttemptEnd, now: Date): Promise<void> {
  await execute(tx, END_ATTEMPT, [attemptId, end.outcome, end.failure ?? null, end.reachedSigning ?? false, now]);
}

const HAS_RETURNED = statement(
  'login.hasReturned',
  'select returned_at is not null as returned from login_attempt where id = $1',
);

export async function hasReturned(scope: Scope, attemptId: string): Promise<boolean> {
  return (await maybeRow(scope, HAS_RETURNED, [attemptId], (row) => bool(row, 'returned'))) ?? false;
}
