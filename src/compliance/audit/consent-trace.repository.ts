import { subjectOf } from '../../consent/consents.ts';
import type { Period } from '../../audit/period.ts';
import { maybeRow, rows, type Scope } from '../../database/database.ts';
import { bool, int, jsonObject, text, type Row } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import { CONSENTS_OF_PERIOD } from '../reverify/consents-of-period.repository.ts';

/** The progress of a consent according to its rows, and how many events of each type its chain has. */
export interface ConsentTrace {
  readonly consentId: string;
  readonly subject: string;
  readonly bank: string;
  readonly state: string;
  readonly isBound: boolean;
  readonly isAuthorised: boolean;
  /** Whether a browser returned with a code. */
  readonly isReturned: boolean;
  readonly hasToken: boolean;
  readonly isReported: boolean;
  readonly surplusEvidence: number;
  readonly hasEvidence: boolean;
  readonly hasDataKey: boolean;
  readonly events: ReadonlyMap<string, number>;
}

const SUBJECT = subjectOf('c');

const TRACE = `select c.id, c.bank, c.state, ${SUBJECT} as subject, c.browser_cookie_hash is not null as bound,
  c.authorised_at is not null as authorised, c.returned_at is not null and c.way = 'browser' as returned, c.live_token_hash is not null as has_token,
  coalesce(c.execution <> 'pending', false) as reported,
  (select count(*) from evidence e where e.consent_id = c.id and e.kind = 'surplus') as surplus,
  exists (select from evidence e where e.subject = ${SUBJECT}) as has_evidence,
  exists (select from data_key d where d.subject = ${SUBJECT}) as has_data_key,
  (select coalesce(jsonb_object_agg(t.type, t.n), '{}')
     from (select a.type, count(*) as n from audit_event a where a.subject = ${SUBJECT} group by a.type) t) as events
  from consent c`;

const FIND_CONSENT_TRACE = statement('compliance.findConsentTrace', `${TRACE} where c.id = $1`);

/** The trace of one consent; undefined if it has no row. */
export async function findConsentTrace(scope: Scope, consentId: string): Promise<ConsentTrace | undefined> {
  return maybeRow(scope, FIND_CONSENT_TRACE, [consentId], parseTrace);
}

const SELECT_CONSENT_TRACES = statement(
  'compliance.selectConsentTraces',
  `${TRACE} where ($3::uuid is null or c.id > $3) and ${CONSENTS_OF_PERIOD} order by c.id limit $4`,
);

/** The next consents (of the period, if one is given) in the order of their ids. */
export async function selectConsentTraces(
  scope: Scope,
  period: Period | undefined,
  after: ConsentTrace | undefined,
  limit: number,
): Promise<ConsentTrace[]> {
  return rows(
    scope,
    SELECT_CONSENT_TRACES,
    [period?.from ?? null, period?.to ?? null, after?.consentId ?? null, limit],
    parseTrace,
    'each-time',
  );
}

const SELECT_CHAINS_WITHOUT_CONSENT = statement(
  'compliance.selectChainsWithoutConsent',
  `select distinct a.subject from audit_event a
    where a.subject like 'consent:%' and ($1::timestamptz is null or (a.recorded_at >= $1 and a.recorded_at < $2))
      and not exists (select from consent c where ${SUBJECT} = a.subject)
      and not exists (select from returned_evidence r where r.subject = a.subject)
    order by a.subject`,
);

/** Chains of consents whose row is missing or names another bank. That of evidence which was brought back has none. */
export async function selectChainsWithoutConsent(scope: Scope, period: Period | undefined): Promise<string[]> {
  return rows(
    scope,
    SELECT_CHAINS_WITHOUT_CONSENT,
    [period?.from ?? null, period?.to ?? null],
    (row) => text(row, 'subject'),
    'each-time',
  );
}

const SELECT_SUBJECTS_OF_CONSENT = statement(
  'compliance.selectSubjectsOfConsent',
  `select distinct subject from audit_event where subject like 'consent:%:' || $1::text order by subject`,
);

/** The chain of a consent whose row is missing. */
export async function selectSubjectsOfConsent(scope: Scope, consentId: string): Promise<string[]> {
  return rows(scope, SELECT_SUBJECTS_OF_CONSENT, [consentId], (row) => text(row, 'subject'));
}

function parseTrace(row: Row): ConsentTrace {
  const events = Object.entries(jsonObject(row, 'events')).map(([type, count]) => [type, Number(count)] as const);
  return {
    consentId: text(row, 'id'),
    subject: text(row, 'subject'),
    bank: text(row, 'bank'),
    state: text(row, 'state'),
    isBound: bool(row, 'bound'),
    isAuthorised: bool(row, 'authorised'),
    isReturned: bool(row, 'returned'),
    hasToken: bool(row, 'has_token'),
    isReported: bool(row, 'reported'),
    surplusEvidence: int(row, 'surplus'),
    hasEvidence: bool(row, 'has_evidence'),
    hasDataKey: bool(row, 'has_data_key'),
    events: new Map(events),
  };
}
