import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  consentIdOf,
  exportOf,
  folderFor,
  folderOf,
  ONE,
  sealing,
  sealOf,
  trustsSeals,
  TWO,
  writeFolder,
  writeZip,
  type FolderFiles,
} from '../../support/evidence/evidence-export.ts';
import { itUnless, noClosedFiles } from '../../support/skipping.ts';
import { Sealing } from '../../support/seals/sealing.ts';
import { runCli } from '../../support/commands/run-cli.ts';
import { makeVector } from '../../support/vectors/vector.ts';

const work = mkdtempSync(join(tmpdir(), 'sigill-many-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const vector = makeVector();
const file = (name: string, content: string | Buffer): string => {
  mkdirSync(join(work, name, '..'), { recursive: true });
  writeFileSync(join(work, name), content);
  return join(work, name);
};
const root = file('root.pem', vector.rootPem);
const trusted = ['--trust-unpinned', root, ...trustsSeals(work)];
type Line = Readonly<Record<string, unknown>>;

const lines = async (...args: string[]) => {
  const { code, stdout, stderr } = await runCli('verify', ...args, ...trusted, '--jsonl');
  const found = stdout
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '');
  return { code, stderr, lines: found.map((line) => JSON.parse(line) as Line) };
};
const codeOf = (error: unknown): string | undefined => (error as { readonly code: string } | undefined)?.code;
const verdicts = (found: readonly Line[]): unknown[] =>
  found.map(({ folder, indication, matches, error }) => [folder, codeOf(error) ?? indication, matches]);

describe('sigill verify, many at once', () => {
  it('gives each path its lines, in order, and ends with the worst', async () => {
    const whole = await writeFolder(join(work, 'whole'), folderOf(vector));
    const zip = await writeZip(
      join(work, 'two.zip'),
      await exportOf({ [ONE]: folderOf(vector), [TWO]: folderFor(TWO) }),
    );
    const bare = file('bare.b64', vector.completion.signature);
    const all = await lines(whole, zip, bare);
    expect(all.code).toBe(2);
    expect(verdicts(all.lines)).toEqual([
      [null, 'TOTAL-PASSED', 'yes'],
      [ONE, 'TOTAL-PASSED', 'yes'],
      [TWO, 'TOTAL-PASSED', 'yes'],
      [null, 'TOTAL-PASSED', 'yes'],
      ['bare.b64', 'INDETERMINATE', 'not-compared'],
    ]);
    expect(all.lines[3]).toMatchObject({ file: zip, evidences: 2, warnings: [], seal: { state: 'sound' } });
    expect(all.lines[0]?.['signer']).toEqual({ personalNumber: '19900101****', name: 'Anna Andersson' });
    expect((await lines(whole, zip)).code).toBe(0);
    const { stdout } = await runCli('verify', whole, zip, ...trusted, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      indication: 'TOTAL-PASSED',
      matches: 'yes',
      evidences: [{ folder: whole }, { folder: `${zip}/${ONE}` }, { folder: `${zip}/${TWO}` }],
    });
  });

  it('pairs the signatures of a directory with the OCSP responses beside them', async () => {
    const directory = join(work, 'flat');
    file('flat/a.b64', vector.completion.signature);
    file('flat/a.ocsp', Buffer.from(vector.completion.ocspResponse ?? '', 'base64'));
    file('flat/b.xml', Buffer.from(vector.completion.signature, 'base64'));
    file('flat/b.ocsp.b64', vector.completion.ocspResponse ?? '');
    file('flat/readme.txt', 'not a signature');
    file('flat/z.b64', 'hello');
    const found = await lines(directory);
    expect(found.code).toBe(66);
    expect(verdicts(found.lines)).toEqual([
      ['a.b64', 'TOTAL-PASSED', 'not-compared'],
      ['b.xml', 'TOTAL-PASSED', 'not-compared'],
      ['z.b64', 'file.no-signature', undefined],
    ]);
    expect((await runCli('verify', directory)).code).toBe(64);
  });

  it('verifies hundreds on all cores with the same lines, in the same order, as on one', async () => {
    for (let n = 0; n < 450; n += 1) {
      file(`hundreds/${n}.b64`, n % 7 === 0 ? vector.completion.signature.slice(4) : vector.completion.signature);
      file(`hundreds/${n}.ocsp`, vector.completion.ocspResponse ?? '');
    }
    const one = await lines(join(work, 'hundreds'), '--jobs', '1');
    const two = await lines(join(work, 'hundreds'), '--jobs', '2');
    expect(one.lines).toHaveLength(450);
    expect(two.lines).toEqual(one.lines);
    expect([one.code, two.code]).toEqual([1, 1]);
  });

  it('verifies one ZIP of hundreds on all cores with the same lines, in the same order, as on one', async () => {
    const ids = Array.from({ length: 410 }, (_, n) => consentIdOf(n));
    const folders = Object.fromEntries(ids.map((id) => [id, folderFor(id)]));
    for (const id of ids.filter((_id, n) => n % 50 === 7)) folders[id]?.set('visible-text.txt', Buffer.from('1 kr'));
    const zip = await writeZip(join(work, 'hundreds.zip'), await exportOf(folders), true);
    const one = await lines(zip, '--jobs', '1');
    const two = await lines(zip, '--jobs', '2');
    expect(one.lines).toHaveLength(411);
    expect(one.lines.filter(({ matches, folder }) => matches === 'no' && folder !== null)).toHaveLength(9);
    expect(two.lines).toEqual(one.lines);
    expect([one.code, two.code]).toEqual([1, 1]);
  });

  it('goes on after what cannot be read, or is no evidence, and names the file', async () => {
    const good = await writeFolder(join(work, 'good'), folderOf(vector));
    const linked = await writeFolder(join(work, 'linked'), folderOf(vector));
    rmSync(join(linked, 'consent.json'));
    symlinkSync('/etc/hostname', join(linked, 'consent.json'));
    const cut = await writeZip(join(work, 'cut.zip'), await exportOf({ [ONE]: folderOf(vector) }));
    writeFileSync(cut, Buffer.from('PK\u0003\u0004 cut'));
    const empty = file('empty', '');
    const large = file('large', Buffer.alloc(50_000_000, 0x41));
    const none = join(work, 'none');
    const found = await lines(none, linked, cut, empty, large, good);
    expect(found.code).toBe(66);
    expect(verdicts(found.lines)).toEqual([
      [null, 'file.unreadable', undefined],
      [null, 'file.link-inside', undefined],
      [null, 'zip.cut-off', undefined],
      [null, 'file.empty', undefined],
      [null, 'file.no-signature', undefined],
      [null, 'TOTAL-PASSED', 'yes'],
    ]);
    for (const path of [none, linked, cut, empty, large]) expect(found.stderr).toContain(path);
    expect(found.stderr).not.toContain(good);
    expect((await lines(none, good)).code).toBe(66);
  });

  itUnless(noClosedFiles)('goes on after a folder that the system refuses to read', async () => {
    const files = new Map(
      [...folderOf(vector)].flatMap(
        ([name, bytes]) =>
          [
            [`a/${name}`, bytes],
            [`b/${name}`, bytes],
          ] as const,
      ),
    );
    const path = await writeFolder(join(work, 'closed'), files);
    chmodSync(join(path, 'a/consent.json'), 0);
    const found = await lines(join(path, 'a'), join(path, 'b'));
    expect([found.code, verdicts(found.lines)]).toEqual([
      66,
      [
        [null, 'file.unreadable', undefined],
        [null, 'TOTAL-PASSED', 'yes'],
      ],
    ]);
    return undefined;
  });

  it.each([
    ['--jobs 0', ['--jobs', '0']],
    ['an unknown language', ['--lang', 'de']],
    ['--json beside --jsonl', ['--json', '--jsonl']],
  ])('ends with 64 when used with %s', async (_title, args) => {
    const { code, stdout } = await runCli('verify', work, ...args, ...trusted);
    expect([code, stdout]).toEqual([64, '']);
  });
});

describe('sigill verify, the seal of an export', () => {
  const sealed = async (change: (files: FolderFiles) => unknown = () => undefined): Promise<string> => {
    const files = await exportOf({ [ONE]: folderOf(vector) });
    await change(files);
    return writeZip(join(work, 'sealed.zip'), files);
  };
  const check = async (path: string, ...args: string[]) => {
    const { code, stdout } = await runCli('verify', path, '--trust-unpinned', root, ...args, '--json');
    return { code, report: JSON.parse(stdout) as Line };
  };

  it('is sound under the issuers that the reader brings, and says who sealed and when', async () => {
    const { code, report } = await check(await sealed(), ...trustsSeals(work));
    expect([code, report['matches'], report['warnings']]).toEqual([0, 'yes', []]);
    expect(report['seal']).toMatchObject({
      state: 'sound',
      timestamp: { state: 'sound', time: sealing.now.toISOString() },
    });
    const { stdout } = await runCli('verify', join(work, 'sealed.zip'), ...trusted);
    expect(stdout).toMatch(/CN=Sigill Sandbox Seal/);
  });

  it('leaves the verdict open where its issuers were not given', async () => {
    const { code, report } = await check(await sealed());
    expect([code, report['matches'], report['seal']]).toMatchObject([2, 'yes', { state: 'untrusted' }]);
  });

  it('by a stranger leaves it open too', async () => {
    const stranger = await Sealing.open(sealing.now);
    const path = await sealed(async (files) =>
      files.set('manifest.p7s', await sealOf(files.get('manifest.json')!, stranger)),
    );
    const { code, report } = await check(path, ...trustsSeals(work));
    expect([code, report['seal']]).toMatchObject([2, { state: 'untrusted', timestamp: { state: 'untrusted' } }]);
  });

  it('that is missing is refused, also where its issuers are trusted', async () => {
    const { code, report } = await check(await sealed((files) => files.delete('manifest.p7s')), ...trustsSeals(work));
    expect([code, report['matches'], report['warnings'], report['seal']]).toEqual([
      1,
      'no',
      ['manifest.seal-missing'],
      { state: 'none' },
    ]);
  });

  it.each<[string, (files: FolderFiles) => unknown, string]>([
    [
      'of another manifest',
      (files) => files.set('manifest.json', Buffer.from(`${files.get('manifest.json')!.toString()} `)),
      'digest',
    ],
    ['that is none', (files) => files.set('manifest.p7s', Buffer.from('a..b')), 'format'],
    [
      'with its last octet cut off',
      (files) => files.set('manifest.p7s', files.get('manifest.p7s')!.subarray(0, -1)),
      'format',
    ],
  ])('%s is refused', async (_title, change, reason) => {
    const { code, report } = await check(await sealed(change), ...trustsSeals(work));
    expect([code, report['matches'], report['seal']]).toEqual([1, 'no', { state: 'unsound', reason }]);
    expect(report['warnings']).toEqual(['manifest.seal-invalid']);
  });
});

describe('sigill verify, the report for people', () => {
  it('says who signed, when, what, for whom, each check in words, and what it does not say', async () => {
    const path = await writeFolder(join(work, 'people'), folderOf(vector));
    const { stdout } = await runCli('verify', path, ...trusted);
    for (const words of [
      'Every check passed.',
      'Anna Andersson, 19900101****',
      '2026-06-01T12:00:30',
      'Betaltjänst AB (SE-FINA-41234), to be used at the bank bank-a',
      '1250.00 SEK to Elbolaget AB',
      'the statement was made for this very signature',
      'who held the phone',
    ]) {
      expect(stdout).toContain(words);
    }
    const swedish = (await runCli('verify', path, ...trusted, '--lang', 'sv')).stdout;
    expect(swedish.split('\n')[0]).toBe(stdout.split('\n')[0]);
    for (const words of ['Alla kontroller godkändes.', 'vem som höll i telefonen', 'undertecknare']) {
      expect(swedish).toContain(words);
    }
  });
});
