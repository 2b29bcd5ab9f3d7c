import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { installBinaries } from './embedded-postgres/binaries.ts';
import { freePort } from './free-port.ts';

/** PostgreSQL refuses to run as root; if we are root, it runs as `nobody`. */
const NOBODY = 65534;
const START_TIMEOUT_MS = 30_000;

export interface EmbeddedPostgres {
  /** Of the postmaster. */
  readonly pid: number;
  readonly port: number;
  /** Connection URL of the superuser for the named database. */
  url(database: string): string;
  /** Stops the server (fast shutdown) and waits until it is gone. */
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** Folder for data directory and password; made when absent. */
  readonly folder: string;
  /** `false` turns fsync off: for tests, whose data need not survive a power cut. */
  readonly durable: boolean;
  readonly maxConnections?: number;
  /** Further settings of the server, by name. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * A real PostgreSQL server on a free port of 127.0.0.1, from the binaries of the npm package.
 * A server that an earlier, killed process left on the same folder is stopped first.
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const binaries = installBinaries(identity());
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  if (isRoot()) chownSync(options.folder, NOBODY, NOBODY);
  const data = dataOf(options.folder);
  initialise(binaries, options.folder, data);
  await stopLeftover(options.folder);
  const port = await freePort();
  const child = launch(binaries, data, port, options);
  const url = (database: string): string => ownerUrl(options.folder, port, database);
  try {
    await once(child, 'spawn');
    await untilReady(url('postgres'), child);
  } catch (error) {
    await stop(child);
    throw error;
  }
  return { pid: child.pid ?? 0, port, url, stop: () => stop(child) };
}

/** Connection URL of the superuser for a database of the server that runs on `folder`. */
export function ownerUrl(folder: string, port: number, database: string): string {
  return `postgresql://postgres:${readFileSync(passwordFileOf(folder), 'utf8')}@127.0.0.1:${port}/${database}`;
}

function dataOf(folder: string): string {
  return join(folder, 'data');
}

function passwordFileOf(folder: string): string {
  return join(folder, 'password');
}

function initialise(binaries: string, folder: string, data: string): void {
  if (existsSync(join(data, 'PG_VERSION'))) return;
  const passwordFile = passwordFileOf(folder);
  const password = randomBytes(24).toString('base64url');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (isRoot()) chownSync(passwordFile, NOBODY, NOBODY);
  const flags = [
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
    '--locale=C',
    '-N',
  ];
  const result = spawnSync(join(binaries, 'bin', 'initdb'), flags, { ...identity(), encoding: 'utf8', cwd: folder });
  if (result.status !== 0) throw new Error(`initdb failed: ${result.error?.message ?? result.stderr}`);
}

function launch(binaries: string, data: string, port: number, options: PostgresOptions): ChildProcess {
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: options.maxConnections ?? 100,
    timezone: 'UTC',
    ...(options.durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    ...options.settings,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // A separate session, so that Ctrl-C reaches the service first; we stop PostgreSQL after it.
  return spawn(join(binaries, 'bin', 'postgres'), ['-D', data, ...flags], {
    ...identity(),
    stdio: 'ignore',
    detached: true,
    cwd: data,
  });
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`PostgreSQL ended at start with ${child.exitCode}`);
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await delay(50);
    }
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGINT');
  await exited;
}

/**
 * Stops the server that a killed process left on this folder. Line 1 of postmaster.pid is the process id, which another process may
 * have by now, so it is stopped only if it is a postgres.
 */
export async function stopLeftover(folder: string): Promise<void> {
  const file = join(dataOf(folder), 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  if (!isPostgres(pid)) return;
  process.kill(pid, 'SIGINT');
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (isPostgres(pid)) {
    if (performance.now() > deadline) throw new Error('a PostgreSQL left by an earlier run does not stop');
    await delay(50);
  }
}

function isPostgres(pid: number): boolean {
  const result = spawnSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' });
  if (result.error)
    return existsSync(`/proc/${pid}/comm`) && readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres');
  return result.stdout.trim().split('/').at(-1)?.startsWith('postgres') ?? false;
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function identity(): { uid?: number; gid?: number } {
  return isRoot() ? { uid: NOBODY, gid: NOBODY } : {};
}
