import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../src/database/open-database.ts';
import { ownerUrl, startPostgres, stopLeftover } from './embedded-postgres.ts';
import { SOCKET } from './running.ts';

export interface SandboxDatabase {
  /** Process id of the server. */
  readonly pid: number;
  /** As the service logs in: member of sigill_app only. */
  readonly serviceUrl: string;
  readonly ownerUrl: string;
  stop(): Promise<void>;
}

const NAME = 'sigill_sandbox';
const LOGIN = 'sigill_service';

/** The sandbox's migrated database on an embedded PostgreSQL, with the data of earlier starts in `folder`. */
export async function startDatabase(folder: string, secretsFolder: string): Promise<SandboxDatabase> {
  const server = await startPostgres({ folder, durable: true });
  try {
    const password = servicePassword(secretsFolder);
    await asOwner(server.url('postgres'), async (client) => {
      const { rowCount } = await client.query('select from pg_database where datname = $1', [NAME]);
      if (rowCount === 0) await client.query(`create database ${NAME}`);
    });
    const url = server.url(NAME);
    await migrate(url, 'sandbox');
    await asOwner(url, (client) => setLogin(client, password));
    const serviceUrl = `postgresql://${LOGIN}:${password}@127.0.0.1:${server.port}/${NAME}`;
    return { pid: server.pid, serviceUrl, ownerUrl: url, stop: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** How the owner logs in to the database that the service of a running sandbox logs in to by `serviceUrl`. */
export function ownerUrlOf(folder: string, serviceUrl: string): string {
  const url = new URL(serviceUrl);
  return ownerUrl(join(folder, 'postgres'), Number(url.port), url.pathname.slice(1));
}

/** Removes database, keys and registrations of earlier starts from a folder that this process has claimed. */
export async function removeEarlierStarts(folder: string): Promise<void> {
  await stopLeftover(join(folder, 'postgres'));
  for (const name of readdirSync(folder).filter((entry) => entry !== SOCKET)) {
    rmSync(join(folder, name), { recursive: true });
  }
}

async function setLogin(client: pg.Client, password: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [LOGIN]);
  const verb = rowCount === 0 ? 'create' : 'alter';
  await client.query(`${verb} role ${LOGIN} login password ${pg.escapeLiteral(password)}`);
  await client.query(`grant sigill_app to ${LOGIN}`);
}

function servicePassword(folder: string): string {
  const file = join(folder, 'database-password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

async function asOwner(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
