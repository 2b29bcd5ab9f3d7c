import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandEnd } from '../support/commands/built-command.ts';
import { startAuditorCommand, type AuditorSetting } from '../support/commands/auditor-command.ts';
import { FaultyAnswers, problem, type Fault } from '../support/commands/faulty-answers.ts';
import { freePort } from '../../sandbox/free-port.ts';
import { eventually } from '../support/eventually.ts';
import { anna, bo, TestSystem } from '../support/system/system.ts';

let test: TestSystem;
let consentId: string;
const answers = new FaultyAnswers();

beforeAll(async () => {
  test = await TestSystem.start({ modules: [answers.module] });
  ({
    token: { consentId },
  } = await test.signedPayment());
}, 60_000);
afterAll(() => test.stop());
afterEach(() => answers.expect(/(?!)/));

/** A folder of its own: what else is in it is seen. */
const folder = (): string => mkdtempSync(join(test.folder, 'auditor-'));
const sigill = (args: readonly string[], setting?: AuditorSetting): Promise<CommandEnd> =>
  startAuditorCommand(test, args, setting).ended;
const evidence = (...more: readonly string[]): readonly string[] => [
  ...['export', '--consent', consentId, '--purpose', 'complaint', '--case', 'KL/26-17'],
  ...more,
];
const contentOf = /^\/exports\/[^/]+\/content$/;

function idIn({ stderr }: CommandEnd): string {
  return /Ordered export ([0-9a-f-]{36})/.exec(stderr)?.[1] ?? '';
}

describe('sigill export, as an auditor runs it', () => {
  it('orders, waits, and writes what was ordered to a file that she alone can read', async () => {
    const at = folder();
    const { code, stdout, stderr } = await sigill(evidence('--out', join(at, 'export.zip')));
    expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: '' });
    expect(stderr).toMatch(/^Ordered export [0-9a-f-]{36}: 1 consents\.\n(.*\n)*Export [0-9a-f-]{36}: consents 1, /);
    const zip = readFileSync(join(at, 'export.zip'));
    expect(zip.subarray(0, 2).toString()).toBe('PK');
    expect(stderr).toContain(createHash('sha256').update(zip).digest('hex'));
    expect(statSync(join(at, 'export.zip')).mode & 0o777).toBe(0o600);
    expect(readdirSync(at)).toEqual(['export.zip']);
  });

  it('writes one JSON document and nothing else with --json, and the result alone with --out -', async () => {
    const out = join(folder(), 'export.zip');
    const { code, stdout, stderr } = await sigill(evidence('--json', '--out', out));
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      state: 'ready',
      file: out,
      purpose: 'complaint',
      caseReference: 'KL/26-17',
    });
    const piped = await sigill(evidence('--format', 'list', '--out', '-'));
    expect(piped.code).toBe(0);
    expect(piped.stdout).toContain(consentId);
    // Its first member and its last: the octets between are no text.
    expect(piped.stdout).toMatch(/^PK[^]*manifest\.p7s/);
    expect(piped.stderr).toMatch(/ bytes, SHA-256 [0-9a-f]{64}\.\n$/);
  });

  it('goes on by the id, also where a connection broke in the middle', async () => {
    const ordered = await sigill(evidence('--no-wait'));
    expect([ordered.code, ordered.stdout]).toEqual([0, '']);
    const out = join(folder(), 'export.zip');
    answers.expect(contentOf, { kind: 'cut' }, { kind: 'cut' });
    const { code, stderr } = await sigill(['export', 'get', idIn(ordered), '--out', out]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const ranges = answers.asked.map(({ range }) => range);
    expect(ranges).toEqual([
      undefined,
      expect.stringMatching(/^bytes=[1-9]\d*-$/),
      expect.stringMatching(/^bytes=\d+-$/),
    ]);
    expect(stderr).toContain(createHash('sha256').update(readFileSync(out)).digest('hex'));
  });

  it('leaves no file of the final name when it is killed, and the next one goes on with what there is', async () => {
    const at = folder();
    const out = join(at, 'export.zip');
    const ordered = await sigill(evidence('--no-wait'));
    answers.expect(contentOf, { kind: 'stall' });
    const get = ['export', 'get', idIn(ordered), '--out', out];
    const { child, ended } = startAuditorCommand(test, get);
    await eventually(
      () => Promise.resolve(readdirSync(at).some((name) => statSync(join(at, name)).size > 0) || undefined),
      () => 'nothing of the export arrives',
    );
    child.kill('SIGKILL');
    await ended;
    expect(readdirSync(at)).toEqual([`.export.zip.${idIn(ordered)}.part`]);
    answers.expect(contentOf);
    expect(await sigill(get)).toMatchObject({ code: 0 });
    expect(answers.asked.map(({ range }) => range)).toEqual([expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
    expect(readdirSync(at)).toEqual(['export.zip']);
    expect(await sigill(['export', 'delete', idIn(ordered)])).toMatchObject({ code: 0, stdout: '' });
    const gone = await sigill(['export', 'get', idIn(ordered), '--out', join(at, 'again.zip')]);
    expect(gone).toMatchObject({ code: 1, stderr: `sigill: export ${idIn(ordered)} has no result: it is deleted\n` });
  });

  it('replaces no file that came to be while it downloaded', async () => {
    const at = folder();
    const out = join(at, 'export.zip');
    answers.expect(contentOf, { kind: 'cut' });
    const { ended } = startAuditorCommand(test, evidence('--out', out));
    await eventually(
      () => Promise.resolve(readdirSync(at).length > 0 || undefined),
      () => 'the download does not begin',
    );
    writeFileSync(out, 'of another');
    expect(await ended).toMatchObject({ code: 73, stderr: expect.stringContaining('EEXIST') as unknown });
    expect(readFileSync(out, 'utf8')).toBe('of another');
  });

  it('refuses a result whose SHA-256 is not that of the order, and leaves no file', async () => {
    const at = folder();
    answers.expect(contentOf, { kind: 'altered' });
    const { code, stderr } = await sigill(evidence('--out', join(at, 'export.zip')));
    expect([code, stderr]).toEqual([65, expect.stringContaining('its SHA-256 is not that of the order\n')]);
    expect(readdirSync(at)).toEqual([]);
  });

  it('replaces a file only where it is told to, and orders nothing before', async () => {
    const out = join(folder(), 'kept.zip');
    writeFileSync(out, 'kept');
    answers.expect(/^\/exports/);
    const refused = await sigill(evidence('--out', out));
    expect(refused).toMatchObject({ code: 73, stderr: `sigill: ${out} exists (EEXIST); --force replaces it\n` });
    expect((await sigill(evidence('--out', join(out, 'below')))).code).toBe(73);
    expect([answers.asked, readFileSync(out, 'utf8')]).toEqual([[], 'kept']);
    expect((await sigill(evidence('--out', out, '--force'))).code).toBe(0);
    expect(readFileSync(out).subarray(0, 2).toString()).toBe('PK');
  });

  it.each<[string, Fault & { kind: 'problem' }, number, RegExp]>([
    [
      '409',
      problem(409, { code: 'export.no-approver', detail: 'No one may approve.' }),
      1,
      /^sigill: No one may approve \(export\.no-approver\)\n$/,
    ],
    [
      '429',
      problem(429, { code: 'request.too-many' }, { 'retry-after': '60' }),
      75,
      /^sigill: A title \(request\.too-many\); ask again in 60 s\n$/,
    ],
    [
      '503',
      problem(503, { code: 'export.unavailable' }),
      75,
      /^sigill: A title \(export\.unavailable\); ask again in 5 s\n$/,
    ],
    [
      'an answer that is hostile',
      problem(400, { code: 'x', detail: 'a\u001b[2J\u202eb' }),
      64,
      /^sigill: a\\u\{1b\}\[2J\\u\{202e\}b \(x\)\n$/,
    ],
  ])('says in one sentence what the service answers: %s', async (_, fault, code, stderr) => {
    answers.expect(/^\/exports$/, fault);
    expect(await sigill(evidence('--out', join(folder(), 'x.zip')))).toEqual({
      code,
      stdout: '',
      stderr: expect.stringMatching(stderr) as unknown,
    });
  });

  it('waits where the service is too busy while it follows, and asks again', async () => {
    answers.expect(/^\/exports\/[^/]+$/, problem(503, { code: 'service.unavailable' }, { 'retry-after': '1' }));
    expect((await sigill(evidence('--out', join(folder(), 'x.zip')))).code).toBe(0);
    expect(answers.asked.length).toBeGreaterThan(1);
  });

  it('reads no answer without an end, and asks again', async () => {
    answers.expect(/^\/exports\/[^/]+$/, { kind: 'endless' });
    expect((await sigill(evidence('--out', join(folder(), 'x.zip')))).code).toBe(0);
    expect(answers.asked.length).toBeGreaterThan(1);
  });

  it('shows nothing that a terminal obeys of what the service says', async () => {
    const exportId = '6f0a4c51-0b4f-4d0e-9d3e-3a1f0a9c2b11';
    const progress = { expected: 1, consents: 0, erased: 0 };
    const [failure, out] = ['\u001b[2Jready\n\u202egnihton', join(folder(), 'x.zip')];
    answers.expect(/^\/exports\/[^/]+$/, problem(200, { exportId, state: 'failed', failure, progress }));
    const { code, stderr } = await sigill(['export', 'get', exportId, '--out', out]);
    expect(code).toBe(1);
    expect(stderr).toBe(`sigill: export ${exportId} failed: \\u{1b}[2Jready\\u{a}\\u{202e}gnihton\n`);
  });

  it('names the option that the service does not accept, and an export that is not hers', async () => {
    const out = join(folder(), 'x.zip');
    const day = await sigill([
      'export',
      '--first-day',
      '2026-02-30',
      '--last-day',
      '2026-03-01',
      '--purpose',
      'audit',
      '--out',
      out,
    ]);
    expect(day).toMatchObject({
      code: 64,
      stderr: expect.stringMatching(/^sigill: --first-day: .*\(request\.malformed, request /) as unknown,
    });
    const { id } = test.system.clients.otherAuditor;
    const ordered = await sigill(evidence('--no-wait'));
    const foreign = await sigill(['export', 'get', idIn(ordered), '--out', out], {
      client: test.system.clients.otherAuditor,
    });
    expect([id, foreign]).toEqual([
      id,
      { code: 66, stdout: '', stderr: expect.stringMatching(/\(export\.not-found, /) as unknown },
    ]);
  });

  it('orders what is of one person, whom standard input alone names, and of one payment', async () => {
    const period = ['--from', '2026-01-01T00:00:00Z', '--to', new Date().toISOString()];
    const order = (input: string, ...more: readonly string[]): Promise<CommandEnd> =>
      sigill(['export', ...period, '--purpose', 'audit', '--no-wait', '--json', ...more], { input });
    const expected = async (said: Promise<CommandEnd>): Promise<unknown> => JSON.parse((await said).stdout);
    expect(await expected(order(`${anna}\n`, '--payer', '--receipts'))).toMatchObject({
      progress: { expected: 1 },
      receipts: true,
    });
    expect(await expected(order(bo, '--payer'))).toMatchObject({ progress: { expected: 0 }, receipts: false });
    expect(await expected(order('', '--reference', 'of-no-payment'))).toMatchObject({ progress: { expected: 0 } });
    const { code, stderr } = await order(`${anna}0`, '--payer');
    expect([code, stderr.includes(anna)]).toEqual([64, false]);
    expect(stderr).toMatch(/^sigill: --payer: /);
  });

  it('refuses a key that others can read, a key that is none, and http beyond this machine', async () => {
    const open = join(folder(), 'open.jwk.json');
    const { id } = test.system.clients.auditor;
    writeFileSync(open, readFileSync(join(test.folder, 'service', `${id}.jwk.json`)), { mode: 0o600 });
    chmodSync(open, 0o644);
    const args = evidence('--out', join(folder(), 'x.zip'));
    expect(await sigill([...args, '--key', open])).toMatchObject({
      code: 78,
      stderr: expect.stringContaining('chmod') as unknown,
    });
    const none = join(folder(), 'none.pem');
    writeFileSync(none, 'secret words', { mode: 0o600 });
    const { code, stderr } = await sigill([...args, '--key', none]);
    expect([code, stderr]).toEqual([78, 'sigill: the key file holds neither a private JWK nor a private key in PEM\n']);
    const http = await sigill([...args, '--issuer', 'http://sigill.example']);
    expect(http).toMatchObject({ code: 78, stderr: expect.stringContaining('must be https') as unknown });
    expect(existsSync(args.at(-1) ?? '')).toBe(false);
  });

  it('is refused without her key, and where there is no service', async () => {
    const args = evidence('--out', join(folder(), 'x.zip'));
    const { id } = test.system.clients.otherAuditor;
    const other = join(test.folder, 'service', `${id}.jwk.json`);
    const stranger = await sigill([...args, '--key', other]);
    expect(stranger).toMatchObject({
      code: 77,
      stderr: expect.stringMatching(/^sigill: .*\(invalid_client/) as unknown,
    });
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    const away = await sigill([...args, '--issuer', nowhere]);
    expect(away).toMatchObject({ code: 69, stderr: `sigill: ${nowhere} does not answer: ECONNREFUSED\n` });
  });

  it('writes key and token nowhere', async () => {
    const at = folder();
    answers.expect(/^\/exports/);
    const said = await sigill(evidence('--out', join(at, 'export.zip')), { env: { NODE_DEBUG: 'fetch' } });
    const tokens = answers.asked.map(({ authorization }) => authorization.replace(/^DPoP /, ''));
    expect(tokens.length).toBeGreaterThan(2);
    const { d = '' } = test.system.clients.auditor.privateJwk;
    const written = [
      said.stdout,
      said.stderr,
      readFileSync(join(at, 'export.zip'), 'latin1'),
      ...readdirSync(at),
    ].join();
    expect([d, ...tokens].filter((secret) => secret === '' || written.includes(secret))).toEqual([]);
  });
});
