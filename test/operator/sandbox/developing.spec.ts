import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freeSandboxPorts } from '../../../sandbox/free-port.ts';
import { processesNaming, SandboxRun } from '../../support/commands/sandbox-run.ts';

const checkout = join(import.meta.dirname, '../../..');
// Benchmarks have no part in the sandbox.
const parts = ['bin', 'build', 'migrations', 'sandbox', 'simulator', 'src', 'package.json'];
const configurations = ['tsconfig.json', 'tsconfig.checkout.json'];
const problems = 'src/http/problems.ts';

let temporary: string;
let root: string;
let base: number;
const runs: SandboxRun[] = [];
beforeAll(async () => {
  temporary = mkdtempSync(join(tmpdir(), 'sigill-develop-'));
  chmodSync(temporary, 0o755);
  root = join(temporary, 'checkout');
  mkdirSync(root);
  for (const part of [...parts, ...configurations]) cpSync(join(checkout, part), join(root, part), { recursive: true });
  symlinkSync(join(checkout, 'node_modules'), join(root, 'node_modules'));
  base = await freeSandboxPorts();
});
afterAll(async () => {
  for (const run of runs) await run.interrupt();
  rmSync(temporary, { recursive: true, force: true });
});

/** `npm run dev`, in the copied checkout. */
function dev(): SandboxRun {
  const run = new SandboxRun(['--port', String(base)], { program: 'bin/dev.js', root, env: { TMPDIR: temporary } });
  runs.push(run);
  return run;
}

/** `npm run sql`, in the copied checkout. */
function sql(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const env = { ...process.env, TMPDIR: temporary };
  return spawnSync(process.execPath, [join(root, 'bin/sql.js'), ...args], { cwd: root, env, encoding: 'utf8' });
}

/** Does `change` and waits until the sandbox that knows it has started. */
async function afterRestart(run: SandboxRun, change: () => void): Promise<void> {
  const before = run.printed.length;
  change();
  await run.until('Stop with Ctrl-C', before);
}

const at = (port: number, path: string): string => `http://localhost:${port}${path}`;
const problemPage = async (): Promise<string> => (await fetch(at(base, '/problems/consent.not-found'))).text();

/** Presses the shop's button; returns where the payer is sent. */
async function pushPayment(): Promise<string> {
  const headers = { origin: `http://localhost:${base + 3}` };
  const body = new URLSearchParams({ invoice: 'coffee', bank: 'exempelbanken' });
  const answer = await fetch(at(base + 3, '/pay'), { method: 'POST', redirect: 'manual', headers, body });
  return answer.headers.get('location') ?? '';
}

// The first build of the copy compiles everything.
const FIRST_BUILD_MS = 240_000;

describe('a developer who works beside npm run dev', () => {
  it(
    'sees each change that compiles answer, on the same ports and data, and meanwhile the last one',
    async () => {
      expect(sql('select 1')).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('npm run dev') });
      const run = dev();
      await run.until('Stop with Ctrl-C');
      const payment = await pushPayment();
      const good = readFileSync(join(root, problems), 'utf8');
      const title = /'consent.not-found': spec\(404, '([^']+)'/.exec(good)?.[1] ?? 'no such row';
      const save = (text: string): void => writeFileSync(join(root, problems), text);

      save(good.replace(title, `It went away', 'for ever`));
      await run.until('This does not compile');
      expect(run.printed).toContain(problems);
      expect(await problemPage()).toContain(title);

      await afterRestart(run, () => save(good.replace(title, 'It went away')));
      expect(await problemPage()).toContain('It went away');
      const page = await fetch(payment);
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Exempelbutiken')]);

      await afterRestart(run, () => writeFileSync(join(root, 'src/openapi/pages/sigill.css'), 'h1 {}'));
      expect(await (await fetch(at(base, '/docs/sigill.css'))).text()).toMatch(/h1 \{\}$/);

      await afterRestart(run, () =>
        writeFileSync(join(root, 'migrations/9999_tree.sql'), 'create table tree (a int);'),
      );
      expect(sql('select count(*) as consents from consent, (select from tree) as none')).toMatchObject({ status: 0 });
      expect(sql('select count(*) as consents from consent').stdout).toMatch(/consents\n-+\n1\n/);
      expect(sql('select from nowhere')).toMatchObject({ status: 1, stderr: expect.stringContaining('42P01') });

      expect(await run.interrupt()).toBe(0);
      expect(processesNaming(temporary)).toEqual([]);
    },
    FIRST_BUILD_MS,
  );

  it(
    'leaves nothing behind with Ctrl-C while it builds or starts, nor when it is killed',
    async () => {
      for (const words of ['Building', 'Starting PostgreSQL']) {
        const run = dev();
        await run.until(words);
        await run.interrupt();
        expect(processesNaming(temporary)).toEqual([]);
      }
      const run = dev();
      await run.until('Stop with Ctrl-C');
      await run.end('SIGKILL');
      expect(processesNaming(temporary)).toEqual([]);
    },
    FIRST_BUILD_MS,
  );
});
