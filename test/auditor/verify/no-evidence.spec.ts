import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  exportOf,
  folderFor,
  folderOf,
  ONE,
  TWO,
  writeFolder,
  writeZip,
  type FolderFiles,
  trustsSeals,
} from '../../support/evidence/evidence-export.ts';
import { runCli } from '../../support/commands/run-cli.ts';
import { makeVector } from '../../support/vectors/vector.ts';

const work = mkdtempSync(join(tmpdir(), 'sigill-no-evidence-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const vector = makeVector();
const file = (name: string, content: string | Buffer): string => {
  writeFileSync(join(work, name), content);
  return join(work, name);
};
const trusted = ['--trust-unpinned', file('root.pem', vector.rootPem), ...trustsSeals(work)];
const verify = async (path: string) => {
  const { code, stdout, stderr } = await runCli('verify', path, ...trusted, '--json');
  return { code, stderr, report: JSON.parse(stdout) as Record<string, unknown> };
};
const prefixed = (files: FolderFiles, prefix: string): [string, Buffer][] =>
  [...files].map(([name, bytes]) => [`${prefix}${name}`, bytes]);
const sound = await exportOf({ [ONE]: folderOf(vector), [TWO]: folderFor(TWO) });

describe('what is no evidence', () => {
  it.each([
    ['a README', () => file('README.md', '# Evidence'), 'file.no-signature'],
    ['an empty file', () => file('empty.zip', ''), 'file.empty'],
    ['other JSON', () => file('other.json', '{"signature":"x"}'), 'file.no-signature'],
    ['a ZIP of other files', () => writeZip(join(work, 'photos.zip'), [['a.jpg', Buffer.from('x')]]), 'zip.no-folders'],
    [
      'an export packed again on a Mac',
      () => writeZip(join(work, 'mac.zip'), [...sound, ['__MACOSX/one/._consent.json', Buffer.from('x')]]),
      'zip.foreign-name',
    ],
    [
      'an export one folder deeper',
      () => writeZip(join(work, 'deeper.zip'), prefixed(sound, 'export/')),
      'zip.foreign-name',
    ],
  ])('is given no verdict but a code and its name: %s', async (_title, make, code) => {
    const path = await make();
    const found = await verify(path);
    expect([found.code, found.report]).toEqual([66, { error: { code, file: path } }]);
    expect(found.stderr).toContain(`sigill: ${path}: `);
    const { stdout } = await runCli('verify', path, ...trusted);
    expect(stdout).toBe('');
  });

  it('is named as what it is where it is a pipe, alone and inside a folder', async () => {
    const pipe = join(work, 'pipe');
    execFileSync('sh', ['-c', 'mkfifo "$0"', pipe]);
    expect(await verify(pipe)).toMatchObject({ code: 66, report: { error: { code: 'file.not-regular', file: pipe } } });
    const folder = await writeFolder(join(work, 'piped'), folderOf(vector));
    rmSync(join(folder, 'consent.json'));
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(folder, 'consent.json')]);
    const found = await verify(folder);
    expect(found).toMatchObject({ code: 66, report: { error: { code: 'file.not-regular-inside', file: folder } } });
    expect(found.stderr).toContain('consent.json is not a regular file');
  });
});

describe('evidence in another wrapping', () => {
  const files = folderOf(vector);
  const text = (name: string): string => files.get(name)!.toString();
  /** What GET /evidence/{id} answers. */
  const answer = (): Record<string, unknown> => {
    const circumstances = JSON.parse(text('circumstances.json')) as Record<string, unknown>;
    const consent = JSON.parse(text('consent.json')) as Record<string, unknown>;
    return {
      evidenceId: circumstances['evidenceId'],
      consentId: consent['consentId'],
      kind: 'accepted',
      clientId: consent['clientId'],
      environment: consent['environment'],
      ...(JSON.parse(text('evidence-digest.json')) as object),
      signature: text('signature.b64'),
      ocspResponse: text('ocsp.b64'),
      consent,
      visibleText: text('visible-text.txt'),
      nonVisibleData: files.get('non-visible.json')!.toString('base64'),
      circumstances,
      report: JSON.parse(text('report.json')) as unknown,
      bankidRoot: text('bankid-root.pem'),
    };
  };

  it('is verified as the folder that it holds: the JSON of GET /evidence/{id}', async () => {
    const found = await verify(file('evidence.json', JSON.stringify(answer(), null, 2)));
    expect([found.code, found.report['indication'], found.report['matches']]).toEqual([0, 'TOTAL-PASSED', 'yes']);
  });

  it.each([
    ['text', { visibleText: 'Betala 1 kr' }],
    ['consent', { consent: { ...(answer()['consent'] as object), bank: 'bank-b' } }],
    ['consent of its heading', { consentId: '0b4f7d0e-6f0a-4c51-9d3e-3a1f0a9c2b12' }],
    ['verdict in its heading', { indication: 'TOTAL-FAILED' }],
    ['time in its heading', { signedAt: '2020-01-01T00:00:00.000Z' }],
    ['thing besides', { note: 'Betala 9 999 kr' }],
    ['spelling of the signed data', { nonVisibleData: `${answer()['nonVisibleData'] as string}\n` }],
    ['digest', { evidenceDigest: Buffer.alloc(32).toString('base64url') }],
    ['spelling of the digest', { evidenceDigest: `${answer()['evidenceDigest'] as string}=` }],
    ['random number', { evidenceDigestRandom: Buffer.alloc(32).toString('base64url') }],
    ['spelling of the random number', { evidenceDigestRandom: `${answer()['evidenceDigestRandom'] as string}!` }],
    ['id in its heading', { evidenceId: 'another' }],
    ['report', { report: { ...(answer()['report'] as object), warnings: ['sha1-ocsp'] } }],
    ['circumstances', { circumstances: { ...(answer()['circumstances'] as object), evidenceId: 'another' } }],
  ])('does not match where that JSON names another %s', async (_title, change) => {
    const found = await verify(file('changed.json', JSON.stringify({ ...answer(), ...change })));
    expect([found.code, found.report['indication'], found.report['matches']]).toEqual([1, 'INDETERMINATE', 'no']);
  });

  it('ends as its folder does: a ZIP of one folder, at the top or in a directory', async () => {
    const broken = new Map(files).set('visible-text.txt', Buffer.from('Betala 1 kr'));
    for (const prefix of ['', 'one/']) {
      const good = await verify(await writeZip(join(work, 'one.zip'), prefixed(files, prefix)));
      expect([good.code, good.report['matches'], good.report['scope']]).toEqual([0, 'yes', 'consent']);
      const bad = await verify(await writeZip(join(work, 'bad.zip'), prefixed(broken, prefix)));
      expect([bad.code, bad.report['matches'], bad.report['scope']]).toEqual([1, 'no', 'consent']);
    }
  });
});
