import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportOf, folderOf, ONE, trustsSeals } from '../support/evidence/evidence-export.ts';
import { runCli } from '../support/commands/run-cli.ts';
import { makeVector } from '../support/vectors/vector.ts';

const work = mkdtempSync(join(tmpdir(), 'sigill-strange-files-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const vector = makeVector();
const root = join(work, 'root.pem');
writeFileSync(root, vector.rootPem);
const pipe = (path: string) => execFileSync('sh', ['-c', 'mkfifo "$0"', path]);
const verify = async (path: string) => {
  const { code, stdout, stderr } = await runCli(
    'verify',
    path,
    '--trust-unpinned',
    root,
    ...trustsSeals(work),
    '--json',
  );
  return { code, stderr, report: JSON.parse(stdout) as Record<string, unknown> };
};
const directory = (): string => mkdtempSync(join(work, 'd-'));

describe('an auditor who verifies a directory', () => {
  it('learns of a pipe beside the folders of an export', async () => {
    const path = directory();
    for (const [name, bytes] of await exportOf({ [ONE]: folderOf(vector) })) {
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
    for (const [name, bytes] of await exportOf({ [ONE]: folderOf(vector) })) {
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
