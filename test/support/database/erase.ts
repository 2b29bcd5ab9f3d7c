import { randomUUID } from 'node:crypto';
import { queryOnce, unlisted, type TestDatabase } from './database.ts';

/** The rest of `steward_request`: columns and values beside id, case and person. */
type Asked = Readonly<Record<string, unknown>> & { readonly action: 'erase' | 'release' };

/** Has one person ask, with the login of the service. @returns the id of the request */
export async function ask(database: TestDatabase, { action, ...asked }: Asked): Promise<string> {
  const id = randomUUID();
  const columns = Object.keys(asked);
  const places = columns.map((_, at) => `$${at + 3}`);
  await database.database.query(
    unlisted(`insert into steward_request (id, action, case_reference, requested_by, ${columns.join(', ')})
              values ($1, $2, 'A-1/26', 'operator:first', ${places.join(', ')})`),
    [id, action, ...Object.values(asked)],
    'each-time',
  );
  return id;
}

/** Has a second person approve it. */
export async function approve(database: TestDatabase, request: string): Promise<void> {
  const sql = `insert into steward_decision (request_id, decision, decided_by) values ($1, 'approved', 'operator:second')`;
  await queryOnce(database.approverUrl, sql, [request]);
}

/** What a steward does with a request that was approved. */
export async function carryOut(database: TestDatabase, request: string): Promise<void> {
  await queryOnce(database.eraserUrl, 'select carry_out($1, 1000)', [request]);
}

/** Has two persons decide the erasure of consents of one bank, and a steward carry it out. @returns the id of the request */
export async function eraseConsents(database: TestDatabase, subjects: readonly string[]): Promise<string> {
  const bank = subjects[0]?.split(':')[1];
  const request = await ask(database, { action: 'erase', bank, subjects });
  await approve(database, request);
  await carryOut(database, request);
  return request;
}

/** Erases what is due: consents by the decision of two persons, logins without. @returns what was erased */
export async function eraseDue(database: TestDatabase): Promise<string[]> {
  const due = await database.asOwner(
    `select split_part(subject, ':', 2) as bank, array_agg(subject order by subject) as subjects from retentions()
      where ends_at <= clock_timestamp() and subject like 'consent:%' and not exists (select from holds_of(subject)) group by 1`,
  );
  const requests: string[] = [];
  for (const { subjects } of due) requests.push(await eraseConsents(database, subjects as string[]));
  const logins = await queryOnce(database.eraserUrl, 'select erased_subject as subject from erase_ended_logins()');
  const outcomes = await database.asOwner(
    `select subject from steward_outcome where request_id = any($1) and outcome = 'erased' order by subject`,
    [requests],
  );
  return [...outcomes, ...logins].map(({ subject }) => String(subject));
}

/** Has two persons decide the release of a hold, and a steward carry it out. */
export async function releaseHold(database: TestDatabase, hold: string): Promise<void> {
  const request = await ask(database, { action: 'release', hold });
  await approve(database, request);
  await carryOut(database, request);
}
