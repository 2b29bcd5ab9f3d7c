import type { Period } from '../../audit/period.ts';
import { maybeRow, rows, type Scope } from '../../database/database.ts';
import { bool, jsonObject, text, type Row } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';

/** The progress of a login according to its rows, and how many events of each type its chain has. */
export interface LoginTrace {
  readonly loginId: string;
  readonly subject: string;
  readonly state: string;
  readonly isBound: boolean;
  /** Whether there is a row of who identified themselves. */
  readonly isAuthenticated: boolean;
  readonly hasEvidence: boolean;
  readonly hasDataKey: boolean;
  readonly events: ReadonlyMap<string, number>;
}

/** `loginSubject` (kernel) in SQL. */
const SUBJECT = `'login:' || l.client_id || ':' || l.id`;

const TRACE = `select l.id, l.state, ${SUBJECT} as subject, l.browser_cookie_hash is not null as bound,
  exists (select from authentication a where a.login_id = l.id) as authenticated,
  exists (select from identification i where i.subject = ${SUBJECT}) as has_evidence,
  exists (select from data_key d where d.subject = ${SUBJECT}) as has_data_key,
  (select coalesce(jsonb_object_agg(t.type, t.n), '{}')
     from (select a.type, count(*) as n from audit_event a where a.subject = ${SUBJECT} group by a.type) t) as events
  from login l`;

const FIND_LOGIN_TRACE = statement('compliance.findLoginTrace', `${TRACE} where l.id = $1`);

/** The trace of one login; undefined if it has no row. */
export async function findLoginTrace(scope: Scope, loginId: string): Promise<LoginTrace | undefined> {
  return maybeRow(scope, FIND_LOGIN_TRACE, [loginId], parseTrace);
}

const SELECT_LOGIN_TRACES = statement(
  'compliance.selectLoginTraces',
  `${TRACE}
    where ($3::uuid is null or l.id > $3)
      and ($1::timestamptz is null or (l.created_at < $2 and coalesce(l.ended_at, l.expires_at) >= $1))
    order by l.id limit $4`,
);

/** The next logins (those that were open in the period, if one is given) in the order of their ids. */
export async function selectLoginTraces(
  scope: Scope,
  period: Period | undefined,
  after: LoginTrace | undefined,
  limit: number,
): Promise<readonly LoginTrace[]> {
  const values = [period?.from ?? null, period?.to ?? null, after?.loginId ?? null, limit];
  return rows(scope, SELECT_LOGIN_TRACES, values, parseTrace, 'each-time');
}

const SELECT_CHAINS_WITHOUT_LOGIN = statement(
  'compliance.selectChainsWithoutLogin',
  `select distinct a.subject from audit_event a
    where a.subject like 'login:%' and ($1::timestamptz is null or (a.recorded_at >= $1 and a.recorded_at < $2))
      and not exists (select from login l where ${SUBJECT} = a.subject)
    order by a.subject`,
);

/** Chains of logins whose row is missing or names another client. */
export async function selectChainsWithoutLogin(scope: Scope, period: Period | undefined): Promise<readonly string[]> {
  const values = [period?.from ?? null, period?.to ?? null];
  return rows(scope, SELECT_CHAINS_WITHOUT_LOGIN, values, (row) => text(row, 'subject'), 'each-time');
}

const SELECT_SUBJECTS_OF_LOGIN = statement(
  'compliance.selectSubjectsOfLogin',
  `select distinct subject from audit_event where subject like 'login:%:' || $1::text order by subject`,
);

/** The chain of a login whose row is missing. */
export async function selectSubjectsOfLogin(scope: Scope, loginId: string): Promise<readonly string[]> {
  return rows(scope, SELECT_SUBJECTS_OF_LOGIN, [loginId], (row) => text(row, 'subject'));
}

function parseTrace(row: Row): LoginTrace {
  const events = Object.entries(jsonObject(row, 'events')).map(([type, count]) => [type, Number(count)] as const);
  return {
    loginId: text(row, 'id'),
    subject: text(row, 'subject'),
    state: text(row, 'state'),
    isBound: bool(row, 'bound'),
    isAuthenticated: bool(row, 'authenticated'),
    hasEvidence: bool(row, 'has_evidence'),
    hasDataKey: bool(row, 'has_data_key'),
    events: new Map(events),
  };
}
