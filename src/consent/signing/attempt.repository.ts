import type { ConsentId, InteractionId } from '../../kernel/ids.ts';
import { execute, maybeRow, type Scope } from '../../database/database.ts';
import { bool, int, text } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import { subjectOf } from '../store/subject.repository.ts';

export type AttemptOutcome =
  'not-asked' | 'not-placed' | 'withdrawn' | 'unreached' | 'failed' | 'refused' | 'surplus' | 'authorised';

/** How a press of the button ended. */
export interface AttemptEnd {
  readonly outcome: AttemptOutcome;
  /** BankID's hint code, or our own word. */
  readonly failure?: string;
  readonly reachedSigning?: boolean;
}

const END_ATTEMPT = statement(
  'consent.endAttempt',
  `update signing_attempt set outcome = $2, failure = $3, reached_signing = $4, ended_at = $5
    where id = $1 and outcome is null`,
);

/** Ends an attempt. No effect if it has already ended. */
export async function endAttempt(scope: Scope, attemptId: string, end: AttemptEnd, now: Date): Promise<void> {
  await execute(scope, END_ATTEMPT, [attemptId, end.outcome, end.failure ?? null, end.reachedSigning ?? false, now]);
}

const RECORD_CANCEL = statement(
  'consent.recordCancel',
  'update signing_attempt set cancelled_at = $2 where consent_id = $1 and outcome is null',
);

/** Records that the payer cancels the open order. No effect if none is open. */
export async function recordCancel(scope: Scope, consentId: ConsentId, now: Date): Promise<void> {
  await execute(scope, RECORD_CANCEL, [consentId, now]);
}

const HAS_FAILED_ATTEMPT = statement(
  'consent.hasFailedAttempt',
  `select exists (select from signing_attempt
                   where consent_id = $1 and outcome in ('failed', 'unreached')
                     and failure is distinct from 'startFailed') as failed`,
);

/** Whether an order of the consent has failed, except for never having been opened in the app. */
export async function hasFailedAttempt(scope: Scope, consentId: ConsentId): Promise<boolean> {
  const failed = await maybeRow(scope, HAS_FAILED_ATTEMPT, [consentId], (row) => bool(row, 'failed'));
  return failed === true;
}

const COUNT_PRESSES = statement(
  'consent.countPresses',
  `select count(*) filter (where outcome is distinct from 'not-asked') as presses
     from signing_attempt where consent_id = $1`,
);

/** Presses of an interaction that BankID heard of. */
export async function countPresses(scope: Scope, consentId: ConsentId): Promise<number> {
  return (await maybeRow(scope, COUNT_PRESSES, [consentId], (row) => int(row, 'presses'))) ?? 0;
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
      where c.interaction_id = $1 and c.way = 'browser' and c.browser_cookie_hash = $2
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

/** Undefined in another browser, for an unknown nonce, and for one that has already returned. */
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
