import { execute, maybeRow, rows, type Scope } from '../../database/database.ts';
import { bool, instant, optionalInstant, optionalText, text, texts } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';

/** What a hold covers, and of which bank alone. */
export type Covered = { readonly bank: string | undefined } & (
  | { readonly covers: 'subject'; readonly subject: string }
  /** Keyed hashes, under each look-up key. */
  | { readonly covers: 'person'; readonly personHashes: readonly Buffer[] }
  | { readonly covers: 'client'; readonly clientId: string }
  | { readonly covers: 'period'; readonly from: Date; readonly to: Date }
);

export interface NewHold {
  readonly id: string;
  readonly covered: Covered;
  readonly caseReference: string;
  /** YYYY-MM-DD. */
  readonly reviewOn: string;
  readonly actor: string;
}

/** A hold as it stands. Whom one on a person is about, only its keyed hashes say. */
export interface Hold {
  readonly id: string;
  readonly covers: Covered['covers'];
  readonly bank: string | undefined;
  readonly subject: string | undefined;
  readonly clientId: string | undefined;
  readonly from: Date | undefined;
  readonly to: Date | undefined;
  readonly caseReference: string;
  /** YYYY-MM-DD. */
  readonly reviewOn: string;
  /** It stands, and that day, in Sweden, has come. */
  readonly isReviewDue: boolean;
  readonly placedBy: string;
  readonly placedAt: Date;
  readonly releasedBy: string | undefined;
  readonly releasedAt: Date | undefined;
}

/** A consent or a login whose retention has ended, with the holds that keep it. */
export interface EndedRetention {
  readonly subject: string;
  readonly endedAt: Date;
  readonly holds: readonly string[];
}

/** A hold with the hashes of its person, in one statement. It writes legal_hold and person_trace. */
const INSERT_HOLD = statement(
  'rights.insertHold',
  `with placed as (
     insert into legal_hold (id, action, covers, bank, subject, client_id, from_time, to_time, case_reference, review_on, actor)
     values ($1, 'placed', $2, $3, $4, $5, $6, $7, $8, $9::date, $10))
   insert into person_trace (subject, kind, value) select 'hold:' || $1::uuid, 'held', unnest($11::bytea[])`,
);

export async function insertHold(scope: Scope, hold: NewHold): Promise<void> {
  const { id, covered, caseReference, reviewOn, actor } = hold;
  const [from, to] = covered.covers === 'period' ? [covered.from, covered.to] : [null, null];
  await execute(scope, INSERT_HOLD, [
    id,
    covered.covers,
    covered.bank ?? null,
    covered.covers === 'subject' ? covered.subject : null,
    covered.covers === 'client' ? covered.clientId : null,
    from,
    to,
    caseReference,
    reviewOn,
    actor,
    covered.covers === 'person' ? covered.personHashes : [],
  ]);
}

const SELECT_HOLD = statement(
  'rights.selectHold',
  `select p.bank from legal_hold p
    where p.id = $1 and p.action = 'placed' and not exists (select from legal_hold r where r.id = p.id and r.action = 'released')`,
);

/** A hold that stands. */
export async function selectHold(scope: Scope, id: string): Promise<{ readonly bank: string | undefined } | undefined> {
  return maybeRow(scope, SELECT_HOLD, [id], (row) => ({ bank: optionalText(row, 'bank') }));
}

const SELECT_HOLDS = statement(
  'rights.selectHolds',
  `select p.id, p.covers, p.bank, p.subject, p.client_id, p.from_time, p.to_time, p.case_reference,
          p.review_on::text as review_on,
          r.id is null and p.review_on <= (clock_timestamp() at time zone 'Europe/Stockholm')::date as is_review_due, p.actor, p.decided_at, r.actor as released_by, r.decided_at as released_at
     from legal_hold p left join legal_hold r on r.id = p.id and r.action = 'released'
    where p.action = 'placed'
    order by p.decided_at, p.id`,
);

/** All that were ever placed, oldest first. */
export async function selectHolds(scope: Scope): Promise<readonly Hold[]> {
  return rows(scope, SELECT_HOLDS, [], (row) => ({
    id: text(row, 'id'),
    covers: text(row, 'covers') as Hold['covers'],
    bank: optionalText(row, 'bank'),
    subject: optionalText(row, 'subject'),
    clientId: optionalText(row, 'client_id'),
    from: optionalInstant(row, 'from_time'),
    to: optionalInstant(row, 'to_time'),
    caseReference: text(row, 'case_reference'),
    reviewOn: text(row, 'review_on'),
    isReviewDue: bool(row, 'is_review_due'),
    placedBy: text(row, 'actor'),
    placedAt: instant(row, 'decided_at'),
    releasedBy: optionalText(row, 'released_by'),
    releasedAt: optionalInstant(row, 'released_at'),
  }));
}

const FIND_SUBJECT = statement(
  'rights.findSubject',
  `select 'consent:' || bank || ':' || id as subject from consent where id = $1
   union all
   select 'login:' || client_id || ':' || id from login where id = $1`,
);

/** Of a consent or a login. */
export async function findSubject(scope: Scope, id: string): Promise<string | undefined> {
  return maybeRow(scope, FIND_SUBJECT, [id], (row) => text(row, 'subject'));
}

const SELECT_ENDED = statement(
  'rights.selectEndedRetentions',
  `select r.subject, r.ends_at, array(select h.id from holds_of(r.subject) h (id) order by h.id) as holds
     from retentions() r
    where r.ends_at <= clock_timestamp()
    order by r.ends_at, r.subject`,
);

/** All that are not erased although their retention has ended, the longest ended first. */
export async function selectEndedRetentions(scope: Scope): Promise<readonly EndedRetention[]> {
  return rows(
    scope,
    SELECT_ENDED,
    [],
    (row) => ({
      subject: text(row, 'subject'),
      endedAt: instant(row, 'ends_at'),
      holds: texts(row, 'holds'),
    }),
    'each-time',
  );
}

/** When the retention of a consent ends. */
export interface Retention {
  readonly endsAt: Date;
  /** By the clock of the database, which decides. */
  readonly hasEnded: boolean;
  readonly isHeld: boolean;
}

const SELECT_RETENTION = statement(
  'rights.selectRetention',
  `select t.ends_at, t.ends_at <= clock_timestamp() as has_ended, exists (select from holds_of($1)) as is_held
     from (select retention_of($1) as ends_at) t where t.ends_at is not null`,
);

/** Undefined of what is unknown, or was erased. */
export async function selectRetention(scope: Scope, subject: string): Promise<Retention | undefined> {
  return maybeRow(scope, SELECT_RETENTION, [subject], (row) => ({
    endsAt: instant(row, 'ends_at'),
    hasEnded: bool(row, 'has_ended'),
    isHeld: bool(row, 'is_held'),
  }));
}
