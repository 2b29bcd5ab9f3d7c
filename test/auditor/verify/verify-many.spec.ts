import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '../../../src/kernel/secret.ts';
import { SigningKeys } from '../../../src/keys/signing-keys.ts';
import {
  consentIdOf,
  exportOf,
  folderFor,
  folderOf,
  ONE,
  TWO,
  writeFolder,
  writeZip,
  type FolderFiles,
} from '../../support/evidence/evidence-export.ts';
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
const trusted = ['--trust-unpinned', root];
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
    const zip = await writeZip(join(work, 'two.zip'), exportOf({ [ONE]: folderOf(vector), [TWO]: folderFor(TWO) }));
    const bare = file('bare.b64', vector.completion.signature);
    const all = await lines(whole, zip, bare);
    expect(all.code).toBe(2);
    expect(verdicts(all.lines)).toEqual([
      [null, 'TOTAL-PASSED', 'yes'],
      [TWO, 'TOTAL-PASSED', 'yes'],
      [ONE, 'TOTAL-PASSED', 'yes'],
      [null, 'TOTAL-PASSED', 'yes'],
      ['bare.b64', 'INDETERMINATE', 'not-compared'],
    ]);
    expect(all.lines[3]).toMatchObject({ file: zip, evidences: 2, warnings: ['manifest.seal-key-not-compared'] });
    expect(all.lines[0]?.['signer']).toEqual({ personalNumber: '19900101****', name: 'Anna Andersson' });
    expect((await lines(whole, zip)).code).toBe(0);
    const { stdout } = await runCli('verify', whole, zip, ...trusted, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      indication: 'TOTAL-PASSED',
      matches: 'yes',
      evidences: [{ folder: whole }, { folder: `${zip}/${TWO}` }, { folder: `${zip}/${ONE}` }],
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
    const zip = await writeZip(join(work, 'hundreds.zip'), exportOf(folders), true);
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
    const cut = await writeZip(join(work, 'cut.zip'), exportOf({ [ONE]: folderOf(vector) }));
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

  it('goes on after a folder that the system refuses to read', async () => {
    if (process.getuid?.() === 0) return process.stderr.write('skipped: root may read everything\n');
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
    ['a seal key that is no JWKS', ['--seal-key', root]],
  ])('ends with 64 when used with %s', async (_title, args) => {
    const { code, stdout } = await runCli('verify', work, ...args, ...trusted);
    expect([code, stdout]).toEqual([64, '']);
  });
});

describe('sigill verify, the seal of an export', () => {
  const [ours, strangers] = [keysOf('ours'), keysOf('strangers')];
  const sealed = async (
    by: SigningKeys,
    change: (files: FolderFiles) => void = () => undefined,
    typ = 'sigill-export',
  ) => {
    const files = exportOf({ [ONE]: folderOf(vector) });
    files.set('manifest.jws', Buffer.from(await by.signDetached('exports', files.get('manifest.json')!, { typ })));
    change(files);
    return writeZip(join(work, 'sealed.zip'), files);
  };
  const check = async (path: string, ...args: string[]) => {
    const { code, stdout } = await runCli('verify', path, ...trusted, ...args, '--json');
    return { code, report: JSON.parse(stdout) as Line & { readonly seal?: { readonly keyThumbprint: string } } };
  };
  const jwks = file('jwks.json', JSON.stringify(ours.jwks()));

  it('is verified by the key that it carries, which is named but not believed', async () => {
    const { code, report } = await check(await sealed(ours));
    expect(code).toBe(0);
    expect(report).toMatchObject({ matches: 'yes', seal: { status: 'valid', key: 'not-compared' } });
    expect(report.warnings).toEqual(['manifest.seal-key-not-compared']);
    const { stdout } = await runCli('verify', join(work, 'sealed.zip'), ...trusted);
    expect(stdout).toContain(report.seal!.keyThumbprint);
  });

  it('is trusted when the exporter is known by its key', async () => {
    const { code, report } = await check(await sealed(ours), '--seal-key', jwks);
    expect([code, report['seal']]).toEqual([0, expect.objectContaining({ status: 'valid', key: 'trusted' })]);
    expect(report.warnings).toEqual([]);
  });

  it.each([
    ['by a stranger', () => sealed(strangers), 'manifest.seal-key-unknown'],
    ['missing', () => sealed(ours, (files) => void files.delete('manifest.jws')), 'manifest.seal-missing'],
  ])('that is %s is refused where the exporter must be known', async (_title, make, warning) => {
    const { code, report } = await check(await make(), '--seal-key', jwks);
    expect([code, report['matches']]).toEqual([1, 'no']);
    expect(report.warnings).toContain(warning);
  });

  it.each([
    [
      'of another manifest',
      (files: FolderFiles) =>
        void files.set('manifest.json', Buffer.from(`${files.get('manifest.json')!.toString()} `)),
    ],
    ['that is none', (files: FolderFiles) => void files.set('manifest.jws', Buffer.from('a..b'))],
  ])('%s is refused', async (_title, change) => {
    const { code, report } = await check(await sealed(ours, change));
    expect([code, report['matches'], report['seal']]).toEqual([
      1,
      'no',
      expect.objectContaining({ status: 'invalid' }),
    ]);
  });

  it('made for something else is refused', async () => {
    const { code } = await check(await sealed(ours, undefined, 'sigill-verdict+jwt'));
    expect(code).toBe(1);
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

function keysOf(kid: string): SigningKeys {
  const jwk: JsonWebKey = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return new SigningKeys([{ kid, purpose: 'exports', alg: 'EdDSA', privateJwk: new Secret(jwk) }]);
}
