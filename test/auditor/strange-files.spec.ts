import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { exportOf, folderOf, ONE } from '../support/evidence/evidence-export.ts';
import { runCli } from '../support/commands/run-cli.ts';
import { makeVector } from '../support/vectors/vector.ts';

const work = mkdtempSync(join(tmpdir(), 'sigill-strange-files-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const vector = makeVector();
const root = join(work, 'root.pem');
writeFileSync(root, vector.rootPem);
const pipe = (path: string) => execFileSync('sh', ['-c', 'mkfifo "$0"', path]);
const verify = async (path: string) => {
  const { code, stdout, stderr } = await runCli('verify', path, '--trust-unpinned', root, '--json');
  return { code, stderr, report: JSON.parse(stdout) as Record<string, unknown> };
};
const directory = (): string => mkdtempSync(join(work, 'd-'));

describe('an auditor who verifies a directory', () => {
  it('learns of a pipe beside the folders of an export', async () => {
    const path = directory();
    for (const [name, bytes] of exportOf({ [ONE]: folderOf(vector) })) {
      mkdirSync(join(path, name, '..'), { recursive: true });
      writeFileSync(join(path, name), bytes);
    }
    expect((await verify(path)).code).toBe(0);
    pipe(join(path, 'annex'));
    const { code, report, stderr } = await verify(path);
    expect([code, report['errors']]).toEqual([66, [{ code: 'file.not-regular', file: join(path, 'annex') }]]);
    expect(stderr).toContain('is not a regular file');
  });

  it('is not told that the index is false where it is a folder that was changed', async () => {
    const path = directory();
    for (const [name, bytes] of exportOf({ [ONE]: folderOf(vector) })) {
      mkdirSync(join(path, name, '..'), { recursive: true });
      writeFileSync(join(path, name), bytes);
    }
    mkdirSync(join(path, ONE, 'annex'));
    const { code, report } = await verify(path);
    expect([code, report['matches']]).toEqual([1, 'no']);
    expect(JSON.stringify(report['warnings'])).not.toContain('index.');
    expect(JSON.stringify(report['evidences'])).toContain('annex/');
  });

  it.each(['b.b64', 'b.xml', 'a.ocsp'])('learns of a pipe among the signatures: %s', async (name) => {
    const path = directory();
    writeFileSync(join(path, 'a.b64'), vector.completion.signature);
    writeFileSync(join(path, 'a.ocsp.b64'), vector.completion.ocspResponse!);
    pipe(join(path, name));
    const { code, report } = await verify(path);
    expect([code, report['errors']]).toEqual([66, [{ code: 'file.not-regular', file: join(path, name) }]]);
  });

  it('does not wait for a response that is a pipe beside one signature', async () => {
    const path = directory();
    writeFileSync(join(path, 'a.b64'), vector.completion.signature);
    pipe(join(path, 'a.ocsp'));
    const { code, report, stderr } = await verify(join(path, 'a.b64'));
    expect([code, report]).toMatchObject([66, { error: { code: 'file.not-regular-inside' } }]);
    expect(stderr).toContain('a.ocsp is not a regular file');
  });
});

describe('an auditor who names the key of the seal', () => {
  const keys = join(work, 'jwks.json');
  beforeAll(async () => {
    const { publicKey } = await generateKeyPair('ES256', { extractable: true });
    writeFileSync(keys, JSON.stringify({ keys: [await exportJWK(publicKey)] }));
  });

  const folder = (): string => {
    const path = directory();
    for (const [name, bytes] of folderOf(vector)) writeFileSync(join(path, name), bytes);
    return path;
  };
  const signatures = (): string => {
    const path = directory();
    writeFileSync(join(path, 'a.b64'), vector.completion.signature);
    writeFileSync(join(path, 'a.ocsp.b64'), vector.completion.ocspResponse!);
    return path;
  };
  it.each([
    ['a folder taken out of its export', folder],
    ['signatures taken out of it', signatures],
    ['one signature', () => join(signatures(), 'a.b64')],
  ])('learns that %s does not match, and why', async (_title, make) => {
    const words = ['verify', make(), '--trust-unpinned', root, '--seal-key', keys];
    const { code, stdout } = await runCli(...words);
    expect(stdout.split('\n')[0]).toBe('UNPINNED  TOTAL-PASSED, matches: no');
    expect(stdout).toContain('manifest.missing-or-malformed');
    expect(code).toBe(1);
    const report = JSON.parse((await runCli(...words, '--json')).stdout) as object;
    expect(report).toMatchObject({ matches: 'no', warnings: ['manifest.missing-or-malformed'] });
  });

  it('learns that a bare completion cannot have a seal', async () => {
    const { code } = await runCli('verify', '--signature', 'x', '--trust-unpinned', root, '--seal-key', keys);
    expect(code).toBe(64);
  });
});
