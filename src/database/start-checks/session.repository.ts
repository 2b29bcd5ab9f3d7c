import type { ClientBase } from 'pg';
import type { DataSource } from 'typeorm';
import { statement } from '../statement.ts';

/** Statements of one connection, sent one after another: a pooler that takes turns has taken one by then. */
const REPEATS = 3;

/**
 * Refuses a pooler that gives server connections out by transaction: statements are prepared and limits are set for a
 * connection, which must therefore be one connection of the server. Through such a pooler either a second client, in its
 * transaction, is given the server connection that the first has just used, or the first is given another one.
 * @throws Error with one sentence
 */
export async function checkOwnSession(source: DataSource): Promise<void> {
  const runners = [source.createQueryRunner(), source.createQueryRunner()] as const;
  try {
    const first = (await runners[0].connect()) as ClientBase;
    const second = (await runners[1].connect()) as ClientBase;
    const own = await readBackend(first);
    if ((await readBackendInTransaction(second)) === own) throw pooled();
    for (let repeat = 0; repeat < REPEATS; repeat += 1) {
      if ((await readBackend(first)) !== own) throw pooled();
    }
  } finally {
    for (const runner of runners) await runner.release();
  }
}

async function readBackendInTransaction(client: ClientBase): Promise<number> {
  await client.query('begin');
  try {
    return await readBackend(client);
  } finally {
    await client.query('rollback');
  }
}

const READ_BACKEND = statement('database.readBackend', 'select pg_backend_pid() as pid');

async function readBackend(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ pid: number }>(READ_BACKEND);
  if (!rows[0]) throw new Error('the database returned no row for the id of the session');
  return rows[0].pid;
}

function pooled(): Error {
  return new Error('the database is behind a pooler that gives connections out by transaction: let it pool by session');
}
