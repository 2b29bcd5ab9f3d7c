import type { Period } from '../period.ts';
import { execute, rows, type Scope } from '../../database/database.ts';
import { bytes, int, text, type Row } from '../../database/rows.ts';
import type { LinkedEvent } from '../check-chain.ts';
import { statement } from '../../database/statement.ts';

/** An event's text, and whose chain it goes to. */
export interface SubjectEvent {
  readonly subject: string;
  readonly event: string;
}

const INSERT_EVENT = statement('audit.insertEvent', 'insert into audit_event (subject, event) values ($1, $2)');

export async function insertEvent(scope: Scope, subject: string, event: string): Promise<void> {
  await execute(scope, INSERT_EVENT, [subject, event]);
}

const INSERT_EVENTS = statement(
  'audit.insertEvents',
  `insert into audit_event (subject, event)
   select e.subject, e.event from unnest($1::text[], $2::text[]) with ordinality e (subject, event, place) order by e.place`,
);

/** Several in this order, all or none. */
export async function insertEvents(scope: Scope, events: readonly SubjectEvent[]): Promise<void> {
  await execute(scope, INSERT_EVENTS, [events.map(({ subject }) => subject), events.map(({ event }) => event)]);
}

const LINKED = 'subject, seq, event, previous_hash, hash';

const SELECT_EVENTS = statement(
  'audit.selectEvents',
  `select ${LINKED} from audit_event where subject = $1 order by seq`,
);

export async function selectEvents(scope: Scope, subject: string): Promise<LinkedEvent[]> {
  return rows(scope, SELECT_EVENTS, [subject], parseLinked);
}

const SELECT_EVENTS_OF_ALL = statement(
  'audit.selectEventsOfAll',
  `select ${LINKED} from audit_event where subject = any($1::text[]) order by subject, seq`,
);

/** The same of several subjects, one chain after the other. */
export async function selectEventsOfAll(scope: Scope, subjects: readonly string[]): Promise<LinkedEvent[]> {
  return rows(scope, SELECT_EVENTS_OF_ALL, [subjects], parseLinked);
}

const SELECT_SUBJECTS = statement(
  'audit.selectSubjects',
  `select distinct subject from audit_event
      where ($1::text is null or subject > $1)
        and ($2::timestamptz is null or (recorded_at >= $2 and recorded_at < $3))
      order by subject limit $4`,
);

/** The next subjects that have an event (of the period, if one is given), in the database's order. */
export async function selectSubjects(
  scope: Scope,
  period: Period | undefined,
  after: string | undefined,
  limit: number,
): Promise<string[]> {
  return rows(
    scope,
    SELECT_SUBJECTS,
    [after ?? null, period?.from ?? null, period?.to ?? null, limit],
    (row) => text(row, 'subject'),
    'each-time',
  );
}

const SELECT_EVENT_PAGE = statement(
  'audit.selectEventPage',
  `select ${LINKED} from audit_event
      where subject = any($1::text[]) and ($2::text is null or (subject, seq) > ($2, $3::bigint))
      order by subject, seq limit $4`,
);

/** The next events of these subjects, in the order of subject and place. */
export async function selectEventPage(
  scope: Scope,
  subjects: readonly string[],
  after: Pick<LinkedEvent, 'subject' | 'seq'> | undefined,
  limit: number,
): Promise<LinkedEvent[]> {
  return rows(
    scope,
    SELECT_EVENT_PAGE,
    [subjects, after?.subject ?? null, after?.seq ?? null, limit],
    parseLinked,
    'each-time',
  );
}

function parseLinked(row: Row): LinkedEvent {
  return {
    subject: text(row, 'subject'),
    seq: int(row, 'seq'),
    event: text(row, 'event'),
    previousHash: bytes(row, 'previous_hash'),
    hash: bytes(row, 'hash'),
  };
}
