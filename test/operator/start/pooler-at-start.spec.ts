import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../sandbox/free-port.ts';
import { checkDatabase, openPool } from '../../../src/database/open-database.ts';
import { ConfigFixture } from '../../support/config/config-fixture.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database/database.ts';
import { eventually } from '../../support/eventually.ts';
import { PretendPooler, type PoolerOptions } from '../../support/database/pretend-pooler.ts';
import { describeUnless, lackOf } from '../../support/skipping.ts';

const REFUSED = 'the database is behind a pooler that gives connections out by transaction: let it pool by session';
const main = fileURLToPath(new URL('../../../build/src/main.js', import.meta.url));

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.close());

/** What the service says of a database at this address. */
async function start(url: string): Promise<string> {
  const source = await openPool(url, 4);
  try {
    await checkDatabase(source, 'sandbox');
    return 'starts';
  } catch (error) {
    return (error as Error).message;
  } finally {
    await source.destroy();
  }
}

async function startThrough(options: PoolerOptions): Promise<string> {
  const pooler = await PretendPooler.start(database.url, options);
  try {
    return await start(pooler.clientUrl);
  } finally {
    await pooler.stop();
  }
}

describe('the service', () => {
  it('starts on the database itself, and behind a pooler that keeps a server connection for each of its own', async () => {
    expect(await start(database.url)).toBe('starts');
    expect(await startThrough({ mode: 'session' })).toBe('starts');
    expect(await startThrough({ mode: 'session', order: 'round-robin', warm: 3 })).toBe('starts');
  });

  it.each([
    ['last-used', 0],
    ['last-used', 3],
    ['round-robin', 1],
    ['round-robin', 2],
    ['round-robin', 5],
  ] as const)(
    'refuses a pooler that gives connections out by transaction: %s, %i at the ready',
    async (order, warm) => {
      expect(await startThrough({ mode: 'transaction', order, warm })).toBe(REFUSED);
    },
  );

  it('ends with 78 and that one sentence', async () => {
    const fixture = await ConfigFixture.create();
    const pooler = await PretendPooler.start(database.url, { mode: 'transaction' });
    try {
      const env = { ...fixture.sandbox, DATABASE_URL: pooler.clientUrl, PORT: '0', METRICS_PORT: '0' };
      const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'ignore', 'pipe'] });
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      const [code] = (await once(child, 'close')) as [number];
      expect(stderr).toContain(REFUSED);
      expect(code).toBe(78);
    } finally {
      await pooler.stop();
      fixture.remove();
    }
  });

  it('refuses a pooler that drops the limits of its connections', async () => {
    expect(await startThrough({ mode: 'session', options: '-c lock_timeout=0' })).toBe(
      'the time limits of the connection are not in force: a pooler drops the startup parameter named options',
    );
  });
});

describeUnless(lackOf('pgbouncer', '--version'))('PgBouncer', () => {
  let folder: string;
  let bouncer: ChildProcess | undefined;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sigill-bouncer-'));
    chmodSync(folder, 0o755);
  });

  afterEach(async () => {
    if (!bouncer) return;
    const ended = once(bouncer, 'exit');
    bouncer.kill('SIGKILL');
    await ended;
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function through(settings: readonly string[]): Promise<string> {
    const { hostname, port, username, password } = new URL(database.url);
    const listen = await freePort();
    writeFileSync(join(folder, 'users'), `"${username}" "${password}"\n`, { mode: 0o644 });
    const lines = [
      '[databases]',
      `${database.name} = host=${hostname} port=${port}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${listen}`,
      'unix_socket_dir =',
      'auth_type = plain',
      `auth_file = ${join(folder, 'users')}`,
      ...settings,
    ];
    writeFileSync(join(folder, 'ini'), `${lines.join('\n')}\n`, { mode: 0o644 });
    // It refuses to run as root, as PostgreSQL does.
    const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    bouncer = spawn('pgbouncer', ['-q', join(folder, 'ini')], { stdio: 'ignore', ...user });
    await untilListening(listen);
    return start(database.url.replace(`:${port}/`, `:${listen}/`)).catch((error: unknown) => (error as Error).message);
  }

  it.each(['0', '1'])('is refused where it pools by transaction (server_round_robin = %s)', async (turns) => {
    const settings = [
      'pool_mode = transaction',
      `server_round_robin = ${turns}`,
      'ignore_startup_parameters = options',
    ];
    expect(await through(settings)).toBe(REFUSED);
  });

  it('is refused where it pools by session and drops the limits of connections', async () => {
    expect(await through(['pool_mode = session', 'ignore_startup_parameters = options'])).toMatch(
      /time limits of the connection are not in force: a pooler drops the startup parameter named options/,
    );
  });
});

async function untilListening(port: number): Promise<void> {
  const look = async (): Promise<true | undefined> => {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    return isOpen || undefined;
  };
  await eventually(look, () => 'PgBouncer does not listen');
}
