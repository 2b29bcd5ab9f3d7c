import {
  filledLimits,
  NOT_FILLED,
  parseFilled,
  type FilledLimits,
  type PersonCount,
} from '../../attempts/person-limits.repository.ts';
import type { ConsentId, InteractionId } from '../../kernel/ids.ts';
import { maybeRow, type Scope, type Tx } from '../../database/database.ts';
import { bool, int, optionalBytes, optionalInstant } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import { consentSubject } from '../../kernel/subject.ts';
import { parseWrappedKey, type WrappedKey } from '../../vault/wrapped-key.ts';
import type { StoredConsent } from '../consent.ts';
import { CONSENT_COLUMNS, CONSENT_TABLES, parseStored } from '../store/consent.repository.ts';

/** A consent whose row is locked for a press of the button. */
export interface Locked {
  readonly consent: StoredConsent;
  /** The number of the person whom the TPP named, sealed. */
  readonly loginHint: Buffer | undefined;
  /** The newest wrapping of the data key, as it was before the lock; undefined where nothing was sealed yet. */
  readonly dataKey: WrappedKey | undefined;
}

const LOCK_FOR_PRESS = statement(
  'consent.lockForPress',
  `select ${CONSENT_COLUMNS}, c.login_hint_sealed, k.key_id, k.kek_id, k.wrapped
     from ${CONSENT_TABLES}
     left join lateral (select key_id, kek_id, wrapped from data_key
                         where subject = 'consent:' || c.bank || ':' || c.id order by wrapped_at desc limit 1) k on true
    where c.interaction_id = $1 and c.way = 'browser'
      and (c.browser_cookie_hash = $2 or (c.browser_cookie_hash is null and c.created_at > $4))
      and case when c.state = 'awaiting-authorisation' then c.expires_at > $3 end
      for no key update of c`,
);

/**
 * The consent that the browser may sign: its own, or one that no browser has yet. The row stays locked until the transaction ends,
 * so that fifty presses at once are counted one after the other.
 */
export async function lockForPress(
  tx: Tx,
  browser: { readonly interactionId: InteractionId; readonly cookieHash: Buffer },
  times: { readonly now: Date; readonly pushedAfter: Date },
): Promise<Locked | undefined> {
  const values = [browser.interactionId, browser.cookieHash, times.now, times.pushedAfter];
  return maybeRow(tx, LOCK_FOR_PRESS, values, (row) => {
    const consent = parseStored(row);
    return {
      consent,
      loginHint: optionalBytes(row, 'login_hint_sealed'),
      dataKey: parseWrappedKey(row, consentSubject(consent.bank, consent.consentId)),
    };
  });
}

/** $1 to $4 are those of a {@link PersonCount}: of the two statements below. */
const FILLED_LIMITS = filledLimits('signing_attempt');

const FIND_FILLED_LIMITS = statement(
  'consent.findFilledLimits',
  `with ${FILLED_LIMITS} select certificate_failures, pair_failures, pair_orders from filled`,
);

/** For each limit of the person whether it is reached. */
export async function findFilledLimits(scope: Scope, count: PersonCount): Promise<FilledLimits> {
  const values = [count.personHashes, count.clientId, count.failuresSince, count.ordersSince];
  return (await maybeRow(scope, FIND_FILLED_LIMITS, values, parseFilled)) ?? NOT_FILLED;
}

/** All that a press leaves behind, where no limit is reached. */
export interface Press extends PersonCount {
  readonly consentId: ConsentId;
  readonly cookieHash: Buffer;
  readonly attemptId: string;
  readonly payerHash: Buffer | undefined;
  readonly returnNonceHash: Buffer;
  readonly startedAt: Date;
  readonly subject: string;
  /** For a subject that has no data key. */
  readonly newKey: WrappedKey | undefined;
  /** `browser.bound`, as text: where this press binds. */
  readonly bound: string;
  /** `order.requested`, as text. */
  readonly requested: string;
  readonly maxPresses: number;
  /** A press waits where the payer took an order back after this. */
  readonly cancelledBefore: Date;
}

/** What is counted of an interaction, and of its person. */
export interface Counted extends FilledLimits {
  readonly presses: number;
  readonly cancelledAt: Date | undefined;
}

export interface Pressed {
  readonly isEntered: boolean;
  readonly counted: Counted;
  /** Undefined where it had none: then it is the new one. */
  readonly dataKey: WrappedKey | undefined;
}

/**
 * A press is one statement, behind the lock of {@link lockForPress}, so that it sees the presses before it. It writes consent,
 * signing_attempt, data_key and audit_event. The first press binds the browser, also where a limit is reached; the attempt, its
 * event and the data key follow only where none is. The row says what was counted.
 */
const INSERT_PRESS = statement(
  'consent.insertPress',
  `with ${FILLED_LIMITS},
   presses as (
     select count(*) filter (where outcome is distinct from 'not-asked') as presses, max(cancelled_at) as cancelled_at
       from signing_attempt where consent_id = $5),
   new_binding as (
     update consent set browser_cookie_hash = $6 where id = $5 and browser_cookie_hash is null returning id),
   new_attempt as (
     insert into signing_attempt (id, consent_id, client_id, bound_payer_hash, return_nonce_hash, started_at)
     select $7::uuid, $5::uuid, $2::text, $8::bytea, $9::bytea, $10::timestamptz
       from presses, filled
      where presses < $11 and (cancelled_at is null or cancelled_at <= $12)
        and num_nonnulls(certificate_failures, pair_failures, pair_orders) = 0
     returning id),
   old_key as (
     select key_id, kek_id, wrapped from data_key where subject = $13 order by wrapped_at desc limit 1),
   new_key as (
     insert into data_key (key_id, subject, kek_id, wrapped)
     select $14::uuid, $13::text, $15::text, $16::bytea
       from new_attempt where $14::uuid is not null and not exists (select from old_key)),
   new_events as (
     insert into audit_event (subject, event)
     select $13::text, event
       from (select 1 as place, $17::text as event from new_binding
              union all select 2, $18::text from new_attempt) happened
      order by place)
   select exists (select from new_attempt) as entered, presses, cancelled_at, certificate_failures, pair_failures, pair_orders,
          key_id, kek_id, wrapped
     from presses cross join filled left join old_key on true`,
);

/** Counts a press and enters it where no limit is reached. */
export async function insertPress(tx: Tx, press: Press): Promise<Pressed> {
  const pressed = await maybeRow(tx, INSERT_PRESS, parametersOf(press), (row) => ({
    isEntered: bool(row, 'entered'),
    counted: {
      ...parseFilled(row),
      presses: int(row, 'presses'),
      cancelledAt: optionalInstant(row, 'cancelled_at'),
    },
    dataKey: parseWrappedKey(row, press.subject),
  }));
  if (!pressed) throw new TypeError('the statement that enters a press returned no row');
  return pressed;
}

function parametersOf(press: Press): readonly unknown[] {
  const { newKey } = press;
  return [
    press.personHashes,
    press.clientId,
    press.failuresSince,
    press.ordersSince,
    press.consentId,
    press.cookieHash,
    press.attemptId,
    press.payerHash ?? null,
    press.returnNonceHash,
    press.startedAt,
    press.maxPresses,
    press.cancelledBefore,
    press.subject,
    newKey?.keyId ?? null,
    newKey?.kekId ?? null,
    newKey?.wrapped ?? null,
    press.bound,
    press.requested,
  ];
}
