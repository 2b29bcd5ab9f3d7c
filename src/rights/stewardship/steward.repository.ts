import { execute, maybeRow, rows, type Scope } from '../../database/database.ts';
import { bool, byteStrings, instant, int, text } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';

/** A request that two persons made and that waits for the steward. */
export interface WaitingRequest {
  readonly id: string;
  readonly action: 'erase' | 'release';
  /** SHA-256 of the subjects of an erasure, in their order. */
  readonly digests: readonly Buffer[];
}

const SELECT_WAITING = statement(
  'rights.selectWaiting',
  `select r.id, r.action,
          array(select sha256(convert_to(s.subject, 'UTF8'))
                  from unnest(r.subjects) with ordinality s (subject, at) order by s.at) as digests
     from steward_waiting w join steward_request r on r.id = w.request_id
    order by w.since, w.request_id limit $1`,
);

/** The first of those that wait. */
export async function selectWaiting(scope: Scope, count: number): Promise<readonly WaitingRequest[]> {
  return rows(scope, SELECT_WAITING, [count], (row) => ({
    id: text(row, 'id'),
    action: text(row, 'action') as WaitingRequest['action'],
    digests: byteStrings(row, 'digests'),
  }));
}

const SELECT_OLDEST_WAITING = statement(
  'rights.selectOldestWaiting',
  `select w.since from steward_waiting w order by w.since, w.request_id limit 1`,
);

/** Since when the steward is waited for. */
export async function selectOldestWaiting(scope: Scope): Promise<Date | undefined> {
  return maybeRow(scope, SELECT_OLDEST_WAITING, [], (row) => instant(row, 'since'));
}

const SELECT_UNFINISHED = statement(
  'rights.selectUnfinished',
  `select k.id from unnest($1::uuid[]) k (id)
    where (select r.request_id from steward_result r where r.request_id = k.id) is null
      and (select w.request_id from steward_waiting w where w.request_id = k.id) is null
    order by k.id`,
);

/** Of the requests that LEDGER_DIRECTORY has as begun, those that this database neither has done nor is to do: it was set back. */
export async function selectUnfinished(scope: Scope, begun: Iterable<string>): Promise<readonly string[]> {
  return rows(scope, SELECT_UNFINISHED, [[...begun]], (row) => text(row, 'id'));
}

const SELECT_ERASED = statement(
  'rights.selectErasedDigests',
  `select s.kind,
          array(select sha256(convert_to(o.subject, 'UTF8'))
                  from steward_outcome o where o.request_id = s.request_id and o.outcome = 'erased' order by o.subject) as digests
     from steward_result s where s.request_id = $1`,
);

/** SHA-256 of what a request erased; undefined where it is not done, or was only repeated here. */
export async function selectErasedDigests(scope: Scope, request: string): Promise<readonly Buffer[] | undefined> {
  return maybeRow(scope, SELECT_ERASED, [request], (row) =>
    text(row, 'kind') === 'done' ? byteStrings(row, 'digests') : undefined,
  );
}

const CARRY_OUT = statement('rights.carryOut', 'select carry_out($1, $2) as is_done');

/**
 * Carries out a request by the login of the eraser, of an erasure at most so many consents.
 * @returns whether it is done
 * @throws what the database refuses: a request that two persons have not made
 */
export async function carryOut(scope: Scope, request: string, atMost: number): Promise<boolean> {
  return (await maybeRow(scope, CARRY_OUT, [request, atMost], (row) => bool(row, 'is_done'))) === true;
}

const ERASE_AGAIN = statement('rights.eraseAgain', 'select erase_again($1, $2::bytea[]) as kept');

/** By the login of the eraser. @returns how many of them are kept by a hold or their retention */
export async function eraseAgain(scope: Scope, request: string, digests: readonly Buffer[]): Promise<number> {
  return (await maybeRow(scope, ERASE_AGAIN, [request, digests], (row) => int(row, 'kept'))) ?? 0;
}

const ERASE_ENDED_LOGINS = statement('rights.eraseEndedLogins', 'select erased_subject from erase_ended_logins()');

/** By the login of the eraser. @returns how many were erased */
export async function eraseEndedLogins(scope: Scope): Promise<number> {
  return execute(scope, ERASE_ENDED_LOGINS, []);
}
