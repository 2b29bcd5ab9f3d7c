import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installBinaries } from '../../../sandbox/embedded-postgres/binaries.ts';
import { text } from 'node:stream/consumers';
import { openPromise } from 'yauzl';
import { freeSandboxPorts } from '../../../sandbox/free-port.ts';
import { processesNaming, SandboxRun } from '../../support/commands/sandbox-run.ts';

const root = join(import.meta.dirname, '../../..');
let temporary: string;
let base: string;
beforeEach(async () => {
  // Each starts in a place of its own, so that what it leaves can be seen.
  temporary = mkdtempSync(join(tmpdir(), 'sigill-start-'));
  chmodSync(temporary, 0o755);
  base = String(await freeSandboxPorts());
});
afterEach(() => rmSync(temporary, { recursive: true, force: true }));

const start = (args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): SandboxRun =>
  new SandboxRun(['--port', base, ...args], { env: { TMPDIR: temporary, ...env } });
const isLinux = process.platform === 'linux';
const left = (): number[] => (isLinux ? processesNaming(temporary) : []);

/** What a command of the checkout prints as JSON. */
function sigill(...args: readonly string[]): unknown {
  const env = { ...process.env, TMPDIR: temporary };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/sigill.js', ...args], { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** Signature and OCSP response of the one consent in an export. */
async function completionIn(file: string): Promise<{ signature: string; ocspResponse: string }> {
  const zip = await openPromise(file);
  const found = { signature: '', ocspResponse: '' };
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.endsWith('/signature.b64')) found.signature = await text(await zip.openReadStreamPromise(entry));
    if (entry.fileName.endsWith('/ocsp.b64')) found.ocspResponse = await text(await zip.openReadStreamPromise(entry));
  }
  return found;
}

describe('a newcomer who starts the sandbox', () => {
  it('learns where a sandbox runs already; that one is not touched, exports, and verifies what the demo signed', async () => {
    const first = start();
    await first.until('Stop with Ctrl-C');
    const second = start();
    expect(await second.ended()).toBe(1);
    expect(second.printed).toBe(`Sigill is already running at http://localhost:${Number(base) + 3}\n`);
    const shop = await fetch(`http://localhost:${base}/`);
    expect(shop.url).toBe(`http://localhost:${Number(base) + 3}/`);
    const ready = await fetch(`http://localhost:${base}/health/ready`);
    expect([shop.status, ready.status]).toEqual([200, 200]);
    const login = await fetch(`http://localhost:${Number(base) + 3}/login`, {
      method: 'POST',
      headers: { origin: `http://localhost:${Number(base) + 3}` },
    });
    expect([login.status, await login.text()]).toEqual([200, expect.stringContaining('data-view="login"')]);

    const exported = join(temporary, 'export.zip');
    const period = ['--from', '2026-01-01', '--to', '2100-01-01'];
    const operators = ['--break-glass', 'T/1', '--bank', 'exempelbanken'];
    expect(sigill('export', ...period, ...operators, '--out', exported, '--json')).toMatchObject({ count: 0 });
    const demonstrated = join(temporary, 'demo.zip');
    sigill('demo', '--json', '--export', demonstrated);
    const verified = await fetch(`http://localhost:${base}/verify`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sigill-purpose': 'audit', accept: 'application/json' },
      body: JSON.stringify(await completionIn(demonstrated)),
    });
    expect(await verified.json()).toMatchObject({ indication: 'TOTAL-PASSED', environment: 'unpinned' });

    expect(await first.interrupt()).toBe(0);
    expect(left()).toEqual([]);
  });

  it('learns which port is taken, before anything is built or started', async () => {
    const taken = createServer().listen(Number(base) + 1, '127.0.0.1');
    await once(taken, 'listening');
    const run = start();
    expect(await run.ended()).toBe(1);
    expect(run.printed).toMatch(new RegExp(`^Port ${Number(base) + 1} is taken by another program; .*--port \\d+\n$`));
    expect(left()).toEqual([]);
    expect(readdirSync(join(temporary, readdirSync(temporary)[0]!, base))).toEqual([]);
    taken.close();
  });

  it('may press Ctrl-C while it starts: nothing is left, and the next start begins anew with --fresh', async () => {
    for (const words of ['Building', 'Starting PostgreSQL']) {
      const run = start();
      await run.until(words);
      await run.interrupt();
      expect(left()).toEqual([]);
    }
    const folder = join(
      temporary,
      readdirSync(temporary).find((name) => name.startsWith('sigill-sandbox'))!,
      base,
    );
    writeFileSync(join(folder, 'of-an-earlier-start'), '');
    const again = start(['--fresh']);
    await again.until('Stop with Ctrl-C');
    expect(existsSync(join(folder, 'of-an-earlier-start'))).toBe(false);
    await again.interrupt();
    expect(left()).toEqual([]);
  });

  it('may be a program, which reads where it is, ends it by ending itself, and leaves no data', async () => {
    const args = [join(root, 'bin/sigill-sandbox.js'), '--json', '--temporary', '--port', base];
    // What configures a service on this machine is not meant for it.
    const env = { ...process.env, TMPDIR: temporary, SIGILL_ENV: 'production', DATABASE_URL: 'postgresql://elsewhere' };
    const sandbox = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    const [line] = (await once(createInterface({ input: sandbox.stdout }), 'line')) as [string];
    const { issuer, appUrl, shopUrl, folder } = JSON.parse(line) as Record<string, string>;
    expect([issuer, appUrl, shopUrl]).toEqual(
      [0, 2, 3].map((at) => `http://localhost:${Number(base) + at}${at === 2 ? '/' : ''}`),
    );
    expect((await fetch(`${issuer}/health/ready`)).status).toBe(200);
    expect(existsSync(folder ?? '')).toBe(true);
    const exited = once(sandbox, 'exit');
    sandbox.stdin.end();
    expect(await exited).toEqual([0, null]);
    expect(existsSync(folder ?? '')).toBe(false);
    expect(left()).toEqual([]);
  });

  it.each([
    ['--bogus', ['--bogus']],
    ['a port that is none', ['--port', '80']],
    ['a name without https', ['--host', 'a.example']],
  ])('is refused in a line: %s', async (_what, args) => {
    const run = start(args);
    expect(await run.ended()).toBe(1);
    expect(run.printed.trim().split('\n')).toHaveLength(1);
  });

  it('can start where no program may run below the temporary folder', () => {
    const forbidden = join(temporary, 'noexec');
    mkdirSync(forbidden);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'noexec', 'tmpfs', forbidden]).status !== 0) {
      process.stderr.write('skipped: this process may not mount a file system without programs\n');
      return;
    }
    try {
      expect(installBinaries({}, [forbidden, temporary])).toContain(join(temporary, 'sigill-postgres-'));
      expect(() => installBinaries({}, [forbidden])).toThrow('set TMPDIR to a folder where programs may run');
    } finally {
      spawnSync('umount', [forbidden]);
    }
  });
});
