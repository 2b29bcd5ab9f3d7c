import type { TestDatabase } from '../database/database.ts';
import type { RawAnswer } from './exchange.ts';
import { RawClient } from './raw-client.ts';
import type { SandboxClients } from '../../../sandbox/clients.ts';
import type { Clock } from '../../../src/kernel/clock.ts';

/** All registered clients of a test system, as clients that can do wrong. */
export type RawParties = Readonly<
  Record<'tpp' | 'otherTpp' | 'bank' | 'otherBank' | 'auditor' | 'rp' | 'loginTpp', RawClient>
>;

export async function rawParties({
  issuer,
  clients,
  clock,
}: {
  readonly issuer: string;
  readonly clients: SandboxClients;
  readonly clock: Clock;
}): Promise<RawParties> {
  return {
    tpp: await RawClient.create(clients.tpp, issuer, clock),
    otherTpp: await RawClient.create(clients.otherTpp, issuer, clock),
    bank: await RawClient.create(clients.bank, issuer, clock),
    otherBank: await RawClient.create(clients.otherBank, issuer, clock),
    auditor: await RawClient.create(clients.auditor, issuer, clock),
    rp: await RawClient.create(clients.rp, issuer, clock),
    loginTpp: await RawClient.create(clients.loginTpp, issuer, clock),
  };
}

/** What a refused request may leave behind: the claims of its proofs. The tables of the ledger are written by its workers alone. */
const MAY_STAY = new Set([
  'claimed_proof',
  'ledger_log',
  'ledger_leaf',
  'ledger_pending',
  'ledger_audit_leaf',
  'ledger_audit_head',
  'checkpoint',
  'checkpoint_timestamp',
]);

/** How many rows each table of the service has, seen as the owner. */
export async function countRows(database: TestDatabase): Promise<Readonly<Record<string, number>>> {
  const tables = await database.asOwner(
    `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname`,
  );
  const names = tables.map(({ name }) => String(name)).filter((name) => !MAY_STAY.has(name));
  const counts = names.map((name) => `(select count(*)::int from "${name}") as "${name}"`);
  const [row] = await database.asOwner(`select ${counts.join(', ')}`);
  return row as Record<string, number>;
}

/** Runs a request that must be refused, and proves that it created nothing. */
export async function leavesNothing(database: TestDatabase, request: () => Promise<RawAnswer>): Promise<RawAnswer> {
  const before = await countRows(database);
  const answer = await request();
  expect(await countRows(database)).toEqual(before);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  return answer;
}
