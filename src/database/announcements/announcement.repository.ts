import type { Client } from 'pg';
import { SECOND_MS } from '../../kernel/clock.ts';
import { within } from '../../operations/deadline.ts';
import { execute, type Scope } from '../database.ts';
import { DatabaseUnavailableError } from '../database-errors.ts';
import { statement } from '../statement.ts';

/** The time limit for LISTEN, because a connection can be dead without either side knowing. */
const ANSWER_MS = 3 * SECOND_MS;

const ANNOUNCE = statement(
  'database.announce',
  `select pg_notify('sigill', topic) from unnest($1::text[]) as announced (topic)`,
);

/**
 * Notifies all instances. A separate statement, never within a transaction: NOTIFY takes a lock that all databases of the server
 * share and holds it until its transaction is on disk. Alone, it writes nothing for which a commit would wait.
 */
export async function announce(scope: Scope, topics: readonly string[]): Promise<void> {
  await execute(scope, ANNOUNCE, [topics]);
}

/** Also of a connection that listens already: then it only shows that both ends are there. No plan could be made of it. */
const LISTEN = 'listen sigill';

/** Makes the server send announcements on `client`. @throws DatabaseUnavailableError if it does not answer in time */
export async function listen(client: Client): Promise<void> {
  const outcome = await within(ANSWER_MS, () => client.query(LISTEN));
  if (typeof outcome === 'string') throw new DatabaseUnavailableError(new Error(`LISTEN: ${outcome}`));
}
