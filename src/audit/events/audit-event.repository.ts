import { step, type Step } from '../../platform/composition.ts';
import { execute, rows, type Scope } from '../../platform/database.ts';
import { bytes, int, text } from '../../platform/rows.ts';
import type { LinkedEvent } from '../check-chain.ts';

export async function insertEvent(scope: Scope, subject: string, event: string): Promise<void> {
  await execute(scope, 'insert into audit_event (subject, event) values ($1, $2)', [subject, event]);
}

/** An event's text; its subject is a column, which the statement itself finds out. */
export interface EventParams {
  readonly event: string;
}

/** Appends the event to the chain of the `subject` that the step `source` gives, if it gives one. */
export function happened(source: string): Step<EventParams> {
  return step('happened', `insert into audit_event (subject, event) select s.subject, $event::text from ${source} s`);
}

export async function selectEvents(scope: Scope, subject: string): Promise<LinkedEvent[]> {
  return rows(
    scope,
    'select subject, seq, event, previous_hash, hash from audit_event where subject = $1 order by seq',
    [subject],
    (row) => ({
      subject: text(row, 'subject'),
      seq: int(row, 'seq'),
      event: text(row, 'event'),
      previousHash: bytes(row, 'previous_hash'),
      hash: bytes(row, 'hash'),
    }),
  );
}
