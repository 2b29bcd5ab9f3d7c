import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startPostgres, type EmbeddedPostgres } from '../../../sandbox/embedded-postgres.ts';
import { readFileWithMode } from '../../../src/config/load-config.ts';
import { parseMigrationConfig } from '../../../src/config/parse-config.ts';
import { migrate, openPool } from '../../../src/database/open-database.ts';
import { ConfigFixture } from '../../support/config/config-fixture.ts';

const built = (path: string): string => fileURLToPath(new URL(`../../../build/src/${path}`, import.meta.url));
const WRONG_NAME = /does not match certificate's altnames/;

let folder: string;
let fixture: ConfigFixture;
let server: EmbeddedPostgres;

/** A certificate for this name that vouches for itself. */
function certify(name: string, altName: string): { readonly cert: string; readonly key: string } {
  const [cert, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30'];
  const facts = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${altName}`];
  const made = spawnSync('openssl', ['req', '-x509', ...curve, ...facts, '-keyout', key, '-out', cert]);
  if (made.status !== 0) throw new Error(`openssl: ${made.stderr.toString()}`);
  return { cert, key };
}

/** From its next connection on, the server shows this certificate. */
async function show(name: string): Promise<void> {
  for (const [from, to] of [
    [`${name}.pem`, 'shown.pem'],
    [`${name}.key`, 'shown.key'],
  ] as const) {
    copyFileSync(join(folder, from), join(folder, to));
    chmodSync(join(folder, to), 0o600);
    if (process.getuid?.() === 0) chownSync(join(folder, to), 65534, 65534);
  }
  const owner = new pg.Client({ connectionString: server.url('postgres') });
  await owner.connect();
  await owner.query('select pg_reload_conf()');
  await owner.end();
}

beforeAll(async () => {
  fixture = await ConfigFixture.create();
  folder = mkdtempSync(join(tmpdir(), 'sigill-tls-'));
  chmodSync(folder, 0o755);
  certify('right', 'DNS:localhost,IP:127.0.0.1');
  certify('elsewhere', 'DNS:database.example,IP:127.0.0.9');
  copyFileSync(join(folder, 'right.pem'), join(folder, 'shown.pem'));
  copyFileSync(join(folder, 'right.key'), join(folder, 'shown.key'));
  chmodSync(join(folder, 'shown.key'), 0o600);
  if (process.getuid?.() === 0) chownSync(join(folder, 'shown.key'), 65534, 65534);
  const settings = {
    ssl: 'on',
    ssl_cert_file: join(folder, 'shown.pem'),
    ssl_key_file: join(folder, 'shown.key'),
    unix_socket_directories: '/tmp',
  };
  server = await startPostgres({ folder: join(folder, 'postgres'), durable: false, settings });
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
  fixture.remove();
});

/** The address as the configuration makes it of what the operator wrote. */
function addressOf(host: string, caFile?: string): string {
  const url = server.url('postgres').replace('127.0.0.1', host);
  const env = {
    SIGILL_ENV: 'bankid-test',
    MIGRATION_DATABASE_URL: url,
    ...(caFile ? { DATABASE_CA_FILE: caFile } : {}),
  };
  return parseMigrationConfig(env, readFileWithMode).databaseUrl.reveal();
}

async function connect(url: string): Promise<unknown> {
  const source = await openPool(url, 1);
  try {
    const [row] = await source.query<{ ssl: boolean }[]>('select ssl from pg_stat_ssl where pid = pg_backend_pid()');
    return row?.ssl;
  } finally {
    await source.destroy();
  }
}

const right = (): string => join(folder, 'right.pem');
const elsewhere = (): string => join(folder, 'elsewhere.pem');

describe('a connection to the database', () => {
  afterEach(() => show('right'));

  it('is encrypted where the authority is named, to a server that it vouches for under the name that was asked for', async () => {
    expect(await connect(addressOf('localhost', right()))).toBe(true);
    expect(await connect(addressOf('127.0.0.1', right()))).toBe(true);
  });

  it('is refused where the certificate names another host, in every form of writing the host', async () => {
    await show('elsewhere');
    await expect(connect(addressOf('localhost', elsewhere()))).rejects.toThrow(WRONG_NAME);
    await expect(connect(addressOf('127.0.0.1', elsewhere()))).rejects.toThrow(WRONG_NAME);
    await expect(migrate(addressOf('localhost', elsewhere()), 'bankid-test')).rejects.toThrow(WRONG_NAME);
  });

  it('is refused where another authority vouches, and where none is named', async () => {
    await expect(connect(addressOf('localhost', elsewhere()))).rejects.toThrow(/self-signed|unable to verify/);
    const unnamed = `${server.url('postgres').replace('127.0.0.1', 'localhost')}?sslmode=verify-full`;
    await expect(connect(unnamed)).rejects.toThrow(/self-signed|unable to verify/);
  });

  it('is refused by us where the server offers no TLS', async () => {
    const { owner = '' } = JSON.parse(process.env['SIGILL_TEST_POSTGRES'] ?? '{}') as { owner?: string };
    const env = {
      SIGILL_ENV: 'bankid-test',
      MIGRATION_DATABASE_URL: owner.replace('DATABASE', 'postgres'),
      DATABASE_CA_FILE: right(),
    };
    const url = parseMigrationConfig(env, readFileWithMode).databaseUrl.reveal();
    await expect(connect(url)).rejects.toThrow(/does not support SSL/);
  });

  it('by a Unix socket needs no certificate', async () => {
    const url = server.url('postgres').replace('127.0.0.1', '%2Ftmp');
    const env = { SIGILL_ENV: 'production', MIGRATION_DATABASE_URL: `${url}?sslmode=disable` };
    expect(await connect(parseMigrationConfig(env, readFileWithMode).databaseUrl.reveal())).toBe(false);
  });
});

describe('each program that opens a connection', () => {
  beforeAll(() => show('elsewhere'));

  const period = ['--from', '2026-01-01', '--to', '2026-02-01'];
  const programs: readonly (readonly [string, readonly string[]])[] = [
    ['the service', [built('main.js')]],
    ['migrate', [built('cli.js'), 'migrate']],
    ['reverify', [built('cli.js'), 'reverify', ...period]],
    ['recover', [built('cli.js'), 'recover', '--since', '2026-01-01']],
    ['audit', [built('cli.js'), 'audit', '--verify']],
    [
      'export --break-glass',
      [built('cli.js'), 'export', '--break-glass', 'T/1', '--bank', 'exempelbanken', ...period, '--out', '-'],
    ],
  ];

  it.each(programs)('refuses a server under another name: %s', (_name, words) => {
    const url = server.url('sigill').replace('127.0.0.1', 'localhost');
    const env = {
      ...fixture.sandbox,
      PATH: process.env['PATH'],
      DATABASE_URL: url,
      MIGRATION_DATABASE_URL: url,
      DATABASE_CA_FILE: elsewhere(),
    };
    const { status, stderr } = spawnSync(process.execPath, words, { env, encoding: 'utf8', timeout: 60_000 });
    expect(stderr).toMatch(WRONG_NAME);
    expect(status).toBeGreaterThan(0);
    expect(stderr).not.toContain(readFileSync(join(folder, 'postgres', 'password'), 'utf8'));
  });
});
