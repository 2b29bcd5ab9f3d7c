import pg from 'pg';
// Importing the service lists the statements of all its modules.
import '../../src/app.ts';
import { listedStatements } from '../../src/database/statement.ts';
import { percentile } from '../percentile.ts';

const BATCH = 1000;
const ROUNDS = 40;

/** Rounds of each sweeper that find nothing to do, as most rounds do: median milliseconds, by the name of the statement. */
export async function timeSweeps(serviceUrl: string): Promise<ReadonlyMap<string, number>> {
  const client = new pg.Client({ connectionString: serviceUrl });
  await client.connect();
  const medians = new Map<string, number>();
  const before = new Date();
  for (const [name, values] of [
    ['client-auth.deleteExpiredClaims', [before, BATCH]],
    ['client-auth.deleteExpiredTokens', [before, BATCH]],
    ['token.deleteExpiredKeys', [before, BATCH]],
    ['consent.expire', [before, BATCH, []]],
  ] as const) {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const begun = performance.now();
      await client.query({ name, text: textOf(name), values: [...values] });
      times.push(performance.now() - begun);
    }
    medians.set(name, percentile(times, 0.5));
  }
  await client.end();
  return medians;
}

function textOf(name: string): string {
  const text = listedStatements().get(name);
  if (text === undefined) throw new Error(`no statement is named ${name}`);
  return text;
}
