import type { ClientId, ConsentId, InteractionId } from '../../kernel/ids.ts';
import { execute, maybeRow, type Scope, type Tx } from '../../database/database.ts';
import { bool, int, optionalInstant, text } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import { payerLimits } from '../lifetimes.ts';
import { subjectOf } from '../store/grant.repository.ts';

export type AttemptOutcome =
  'not-asked' | 'not-placed' | 'withdrawn' | 'unreached' | 'failed' | 'refused' | 'surplus' | 'authorised';

/** How a press of the button ended. */
export interface AttemptEnd {
  readonly outcome: AttemptOutcome;
  /** BankID's hint code, or our own word. */
  readonly failure?: string;
  readonly reachedSigning?: boolean;
}

export interface NewAttempt {
  readonly attemptId: string;
  readonly consentId: ConsentId;
  readonly clientId: ClientId;
  readonly payerHash: Buffer | undefined;
  readonly returnNonceHash: Buffer;
  readonly startedAt: Date;
}

const INSERT_ATTEMPT = statement(
  'consent.insertAttempt',
  `insert into signing_attempt (id, consent_id, client_id, bound_payer_hash, return_nonce_hash, started_at)
   values ($1, $2, $3, $4, $5, $6)`,
);

export async function insertAttempt(tx: Tx, attempt: NewAttempt): Promise<void> {
  await execute(tx, INSERT_ATTEMPT, [
    attempt.attemptId,
    attempt.consentId,
    attempt.clientId,
    attempt.payerHash ?? null,
    attempt.returnNonceHash,
    attempt.startedAt,
  ]);
}

const END_ATTEMPT = statement(
  'consent.endAttempt',
  `update signing_attempt set outcome = $2, failure = $3, reached_signing = $4, ended_at = $5
    where id = $1 and outcome is null`,
);

/** Ends an attempt. Without effect when it has ended already. */
export async function endAttempt(scope: Scope, attemptId: string, end: AttemptEnd, now: Date): Promise<void> {
  await execute(scope, END_ATTEMPT, [attemptId, end.outcome, end.failure ?? null, end.reachedSigning ?? false, now]);
}

const RECORD_CANCEL = statement(
  'consent.recordCancel',
  'update signing_attempt set cancelled_at = $2 where consent_id = $1 and outcome is null',
);

/** The payer takes back the order that is open. Without effect when none is. */
export async function recordCancel(scope: Scope, consentId: ConsentId, now: Date): Promise<void> {
  await execute(scope, RECORD_CANCEL, [consentId, now]);
}

const COUNT_PRESSES = statement(
  'consent.countPresses',
  `select count(*) filter (where outcome is distinct from 'not-asked') as presses, max(cancelled_at) as cancelled_at
     from signing_attempt where consent_id = $1`,
);

/** Presses of an interaction that BankID heard of, and when the payer last took an order back. */
export async function countPresses(
  scope: Scope,
  consentId: ConsentId,
): Promise<{ readonly presses: number; readonly cancelledAt: Date | undefined }> {
  const counted = await maybeRow(scope, COUNT_PRESSES, [consentId], (row) => ({
    presses: int(row, 'presses'),
    cancelledAt: optionalInstant(row, 'cancelled_at'),
  }));
  return counted ?? { presses: 0, cancelledAt: undefined };
}

const LOCK_PAYER = statement(
  'consent.lockPayer',
  `select pg_advisory_xact_lock(hashtextextended(encode($1::bytea, 'hex'), 7306))`,
);

/** Makes all presses that count this person's orders wait for each other until the transaction ends. */
export async function lockPayer(tx: Tx, payerHash: Buffer): Promise<void> {
  await execute(tx, LOCK_PAYER, [payerHash]);
}

/** What is counted for a person whom a TPP named, and from when on. */
export interface PayerCount {
  /** The person under every look-up key there is. */
  readonly payerHashes: readonly Buffer[];
  readonly clientId: ClientId;
  readonly failuresSince: Date;
  readonly ordersSince: Date;
}

/** For each limit that is reached, the time of the oldest event that fills it; undefined for one that is not reached. */
export interface FilledLimits {
  readonly certificateFailures: Date | undefined;
  readonly pairFailures: Date | undefined;
  readonly pairOrders: Date | undefined;
}

const FIND_FILLED_LIMITS = statement(
  'consent.findFilledLimits',
  `with mine as (
     select client_id, started_at, ended_at, outcome, failure, reached_signing from signing_attempt
      where bound_payer_hash = any($1::bytea[]) and started_at > $3::timestamptz - interval '1 hour'),
   failures as (
     select client_id, failure, ended_at from mine
      where outcome = 'failed' and reached_signing and ended_at > $3
        and ended_at > (select coalesce(max(ended_at), '-infinity') from mine where outcome = 'authorised'))
   select (select ended_at from failures where failure = 'certificateErr'
            order by ended_at desc offset ${payerLimits.certificateFailures - 1} limit 1) as certificate_failures,
          (select ended_at from failures where client_id = $2
            order by ended_at desc offset ${payerLimits.pairFailures - 1} limit 1) as pair_failures,
          (select started_at from mine
            where client_id = $2 and started_at > $4 and outcome is distinct from 'not-asked'
            order by started_at desc offset ${payerLimits.pairOrders - 1} limit 1) as pair_orders`,
);

/**
 * Only what happened after the person was asked for the security code says anything of the person: an order that was never
 * opened can be made by every caller who knows the number. No attempt lasts an hour, so that the index on the start serves.
 */
export async function findFilledLimits(scope: Scope, count: PayerCount): Promise<FilledLimits> {
  const filled = await maybeRow(
    scope,
    FIND_FILLED_LIMITS,
    [count.payerHashes, count.clientId, count.failuresSince, count.ordersSince],
    (row) => ({
      certificateFailures: optionalInstant(row, 'certificate_failures'),
      pairFailures: optionalInstant(row, 'pair_failures'),
      pairOrders: optionalInstant(row, 'pair_orders'),
    }),
  );
  return filled ?? { certificateFailures: undefined, pairFailures: undefined, pairOrders: undefined };
}

/**
 * The way back from the BankID app is one statement. It writes signing_attempt and audit_event. The nonce of the returnUrl counts in the
 * bound browser, once.
 */
const RECORD_RETURN = statement(
  'consent.recordReturn',
  `with returned as (
     update signing_attempt s set returned_at = $4
       from consent c
      where c.interaction_id = $1 and c.browser_cookie_hash = $2
        and s.consent_id = c.id and s.return_nonce_hash = $3 and s.returned_at is null
     returning s.consent_id, ${subjectOf('c')} as subject),
   new_event as (insert into audit_event (subject, event) select subject, $5::text from returned)
   select consent_id from returned`,
);

/** A browser that came back from the BankID app. */
export interface Return {
  readonly interactionId: InteractionId;
  readonly cookieHash: Buffer;
  readonly nonceHash: Buffer;
  readonly at: Date;
  /** `browser.returned`, as text. */
  readonly event: string;
}

/** Undefined in another browser, for a nonce of nothing, and for one that came back before. */
export async function recordReturn(scope: Scope, back: Return): Promise<ConsentId | undefined> {
  const values = [back.interactionId, back.cookieHash, back.nonceHash, back.at, back.event];
  return maybeRow(scope, RECORD_RETURN, values, (row) => text(row, 'consent_id') as ConsentId);
}

const HAS_RETURNED = statement(
  'consent.hasReturned',
  'select returned_at is not null as returned from signing_attempt where id = $1',
);

export async function hasReturned(scope: Scope, attemptId: string): Promise<boolean> {
  const returned = await maybeRow(scope, HAS_RETURNED, [attemptId], (row) => bool(row, 'returned'));
  return returned ?? false;
}

const COUNT_ATTEMPTS = statement(
  'consent.countAttempts',
  'select count(*) as attempts from signing_attempt where consent_id = $1',
);

export async function countAttempts(scope: Scope, consentId: ConsentId): Promise<number> {
  const count = await maybeRow(scope, COUNT_ATTEMPTS, [consentId], (row) => int(row, 'attempts'));
  return count ?? 0;
}
