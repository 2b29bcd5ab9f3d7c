import pg from 'pg';

/** The server allows 100 connections: no more payments than this are replayed at a time. */
const MAX_CONNECTIONS = 90;
/** What a commit writes besides the message's text: the rest of its two records. */
const OVERHEAD_BYTES = 93;

/**
 * How many payments a second the disk alone would allow. `inFlight` connections replay the commits of payments, one payment after the
 * other. Each commit writes its bytes to the WAL as a logical message, which touches no table, and waits for the disk.
 * @param commits of one payment, in bytes
 */
export async function measureCeiling(
  databaseUrl: string,
  commits: readonly number[],
  { inFlight, seconds }: { readonly inFlight: number; readonly seconds: number },
): Promise<number> {
  const clients = Array.from(
    { length: Math.min(inFlight, MAX_CONNECTIONS) },
    () => new pg.Client({ connectionString: databaseUrl }),
  );
  await Promise.all(clients.map((client) => client.connect()));
  const messages = commits.map((bytes) => Buffer.alloc(Math.max(0, bytes - OVERHEAD_BYTES)));
  const begun = performance.now();
  const until = begun + seconds * 1000;
  const paid = await Promise.all(clients.map((client) => replay(client, messages, until)));
  const perSecond = (paid.reduce((sum, count) => sum + count, 0) * 1000) / (performance.now() - begun);
  await Promise.all(clients.map((client) => client.end()));
  return perSecond;
}

/** Replays one payment after the other; returns how many. */
async function replay(client: pg.Client, messages: readonly Buffer[], until: number): Promise<number> {
  const text = `select pg_logical_emit_message(true, 'bench', $1::bytea)`;
  let paid = 0;
  for (; performance.now() < until; paid += 1) {
    for (const message of messages) await client.query({ name: 'commit', text, values: [message] });
  }
  return paid;
}
