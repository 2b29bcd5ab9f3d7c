import { execute, maybeRow, rows, type Scope } from '../../database/database.ts';
import { instant, int, optionalInstant, optionalText, text, type Row } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';

/** What two persons decide: an erasure, the release of a hold, or an answer to a person. */
export type RequestAction = 'erase' | 'release' | 'answer';

/**
 * `undecided`; `refused`; `waiting` for the steward; `approved` of an answer, which no steward carries out; `done`.
 */
export type RequestState = 'undecided' | 'refused' | 'waiting' | 'approved' | 'done';

export interface NewRequest {
  readonly id: string;
  readonly caseReference: string;
  readonly requestedBy: string;
  readonly asked:
    | { readonly action: 'erase'; readonly bank: string; readonly subjects: readonly string[] }
    | { readonly action: 'release'; readonly hold: string; readonly bank: string | undefined }
    | { readonly action: 'answer'; readonly bank: string; readonly answerSha256: Buffer };
}

/** A request as it stands. */
export interface StewardRequest {
  readonly id: string;
  readonly action: RequestAction;
  readonly state: RequestState;
  readonly bank: string | undefined;
  readonly hold: string | undefined;
  /** How many consents an erasure names; 0 of the others. */
  readonly consents: number;
  /** Of the document of an answer, in hexadecimal. */
  readonly answerSha256: string | undefined;
  readonly caseReference: string;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly decidedBy: string | undefined;
  readonly decidedAt: Date | undefined;
  readonly doneAt: Date | undefined;
}

const INSERT_REQUEST = statement(
  'rights.insertRequest',
  `insert into steward_request (id, action, bank, subjects, hold, answer_sha256, case_reference, requested_by)
   values ($1, $2, $3, $4, $5, $6, $7, $8)`,
);

/** By the service's login. */
export async function insertRequest(
  scope: Scope,
  { id, asked, caseReference, requestedBy }: NewRequest,
): Promise<void> {
  await execute(scope, INSERT_REQUEST, [
    id,
    asked.action,
    asked.bank ?? null,
    asked.action === 'erase' ? asked.subjects : null,
    asked.action === 'release' ? asked.hold : null,
    asked.action === 'answer' ? asked.answerSha256 : null,
    caseReference,
    requestedBy,
  ]);
}

const COLUMNS = `r.id, r.action, r.bank, r.hold, encode(r.answer_sha256, 'hex') as answer_sha256, coalesce(cardinality(r.subjects), 0) as consents, r.case_reference, r.requested_by,
          r.requested_at, d.decided_by, d.decided_at, s.done_at,
          case when s.request_id is not null then 'done'
               when d.request_id is null then 'undecided'
               when d.decision = 'refused' then 'refused'
               when r.action = 'answer' then 'approved'
               else 'waiting' end as state
     from steward_request r
     left join steward_decision d on d.request_id = r.id
     left join steward_result s on s.request_id = r.id`;

const SELECT_REQUESTS = statement(
  'rights.selectRequests',
  `select ${COLUMNS} where (r.requested_at, r.id) < ($1, $2::uuid) order by r.requested_at desc, r.id desc limit $3`,
);

/** The newest of those before a place, which is that of the last one of the page before. */
export async function selectRequests(
  scope: Scope,
  before: { readonly at: Date | 'infinity'; readonly id: string },
  count: number,
): Promise<readonly StewardRequest[]> {
  return rows(scope, SELECT_REQUESTS, [before.at, before.id, count], requestOf);
}

const SELECT_REQUEST = statement('rights.selectRequest', `select ${COLUMNS} where r.id = $1`);

export async function selectRequest(scope: Scope, id: string): Promise<StewardRequest | undefined> {
  return maybeRow(scope, SELECT_REQUEST, [id], requestOf);
}

const SELECT_SUBJECTS = statement(
  'rights.selectRequestedSubjects',
  `select s.subject, (select o.outcome from steward_outcome o where o.request_id = r.id and o.subject = s.subject) as outcome
     from steward_request r, unnest(r.subjects) s (subject) where r.id = $1 order by s.subject`,
);

/** What became of a consent of an erasure; see migrations/0014_rights_requests.sql. */
export type Outcome = 'erased' | 'held' | 'retained' | 'gone';

export interface RequestedSubject {
  readonly subject: string;
  /** Undefined before it was its turn. */
  readonly outcome: Outcome | undefined;
}

/** The consents of an erasure. */
export async function selectRequestedSubjects(scope: Scope, id: string): Promise<readonly RequestedSubject[]> {
  return rows(scope, SELECT_SUBJECTS, [id], (row) => ({
    subject: text(row, 'subject'),
    outcome: optionalText(row, 'outcome') as Outcome | undefined,
  }));
}

const INSERT_DECISION = statement(
  'rights.insertDecision',
  `insert into steward_decision (request_id, decision, decided_by) values ($1, $2, $3) on conflict (request_id) do nothing`,
);

/** By the login of the second person. @returns false where the request was decided before @throws what the database refuses */
export async function insertDecision(
  scope: Scope,
  id: string,
  decision: 'approved' | 'refused',
  decidedBy: string,
): Promise<boolean> {
  return (await execute(scope, INSERT_DECISION, [id, decision, decidedBy])) > 0;
}

function requestOf(row: Row): StewardRequest {
  return {
    id: text(row, 'id'),
    action: text(row, 'action') as RequestAction,
    state: text(row, 'state') as RequestState,
    bank: optionalText(row, 'bank'),
    hold: optionalText(row, 'hold'),
    consents: int(row, 'consents'),
    answerSha256: optionalText(row, 'answer_sha256'),
    caseReference: text(row, 'case_reference'),
    requestedBy: text(row, 'requested_by'),
    requestedAt: instant(row, 'requested_at'),
    decidedBy: optionalText(row, 'decided_by'),
    decidedAt: optionalInstant(row, 'decided_at'),
    doneAt: optionalInstant(row, 'done_at'),
  };
}
