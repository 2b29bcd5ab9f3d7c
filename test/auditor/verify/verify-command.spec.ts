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
  trustsSeals,
} from '../../support/evidence/evidence-export.ts';
import { runCli } from '../../support/commands/run-cli.ts';
import { describeWithSamples, samplePath } from '../../support/evidence/samples.ts';
import { personalNumber } from '../../support/vectors/test-pki.ts';
import { makeVector, relyingPartyName, type Recipe } from '../../support/vectors/vector.ts';

const work = mkdtempSync(join(tmpdir(), 'sigill-verify-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const vector = makeVector();
const file = (name: string, content: string | Buffer): string => {
  writeFileSync(join(work, name), content);
  return join(work, name);
};
const root = file('root.pem', vector.rootPem);
const trusted = ['--trust-unpinned', root, ...trustsSeals(work)];
const bare = (recipe: Recipe, name: string): string[] => {
  const { completion } = makeVector(recipe);
  return [
    'verify',
    '--signature',
    file(`${name}.b64`, completion.signature),
    '--ocsp',
    file(`${name}.ocsp`, completion.ocspResponse ?? ''),
  ];
};
const json = async (...args: string[]) => {
  const ended = await runCli(...args, '--json');
  return { code: ended.code, stderr: ended.stderr, report: JSON.parse(ended.stdout) as Record<string, unknown> };
};

describe('sigill verify, a bare signature', () => {
  it('ends with 0 where it passes, on one JSON document, the personal number masked', async () => {
    const { code, report } = await json(...bare({}, 'good'), ...trusted);
    expect(code).toBe(0);
    expect(report).toMatchObject({
      indication: 'TOTAL-PASSED',
      subIndication: null,
      scope: 'signature',
      matches: 'not-compared',
      environment: 'unpinned',
    });
    expect(report['signer']).toEqual({ personalNumber: '19900101****', name: 'Anna Andersson' });
  });

  it('takes XML as well as base64, and OCSP as DER, with a line end at the end of the file', async () => {
    const xml = file('good.xml', Buffer.from(vector.completion.signature, 'base64'));
    const der = file('good.der', Buffer.from(vector.completion.ocspResponse ?? '', 'base64'));
    expect((await runCli('verify', '--signature', xml, '--ocsp', der, ...trusted)).code).toBe(0);
    const line = file('line.b64', `${vector.completion.signature}\n`);
    expect((await runCli('verify', '--signature', line, '--ocsp', der, ...trusted)).code).toBe(0);
  });

  it('shows the personal number on request, and says UNPINNED before anything else', async () => {
    const { stdout } = await runCli(...bare({}, 'good'), ...trusted, '--reveal');
    expect(stdout.split('\n')[0]).toBe('UNPINNED  TOTAL-PASSED');
    expect(stdout).toContain(personalNumber);
    expect((await runCli(...bare({}, 'good'), ...trusted)).stdout).not.toContain(personalNumber);
  });

  it('compares with a consent.json: 0 where it matches, 1 where not', async () => {
    const files = folderOf(vector);
    const same = file('consent.json', files.get('consent.json')!);
    const other = file('other.json', files.get('consent.json')!.toString().replace('1250.00', '1250.01'));
    const yes = await json(...bare({}, 'good'), ...trusted, '--consent', same, '--rp', relyingPartyName);
    expect([yes.code, yes.report['matches'], yes.report['scope']]).toEqual([0, 'yes', 'consent']);
    const no = await json(...bare({}, 'good'), ...trusted, '--consent', other);
    expect([no.code, no.report['matches'], no.report['subIndication']]).toEqual([1, 'no', 'SIG_CONSTRAINTS_FAILURE']);
  });

  it('ends with 1 on TOTAL-FAILED, 2 on INDETERMINATE', async () => {
    expect((await runCli(...bare({ signedWith: 'stranger' }, 'bad'), ...trusted)).code).toBe(1);
    expect((await runCli('verify', '--signature', join(work, 'good.b64'), ...trusted)).code).toBe(2);
  });

  it.each([
    ['empty', '', 'file.empty'],
    ['neither XML nor base64', 'hello, world', 'file.no-signature'],
    ['too large', 'A'.repeat(2_000_000), 'file.no-signature'],
    [
      'base64 of something else',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>').toString('base64'),
      'file.no-signature',
    ],
  ])('says of a file that is %s that it is no evidence, and gives no verdict', async (_title, content, code) => {
    const path = file('odd', content);
    const found = await json('verify', '--signature', path, ...trusted);
    expect([found.code, found.report]).toEqual([66, { error: { code, file: path } }]);
    expect(await json('verify', path, ...trusted)).toMatchObject({ code: 66, report: { error: { code, file: path } } });
  });

  it.each([
    ['XML that is cut off', '<?xml version="1.0" encoding="UTF-8" standalone="no"?><Signature xmlns="'],
    ['another kind of XML signature', '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>'],
    [
      'base64 with spaces in it',
      Buffer.from(`<Signature>${' '.repeat(200)}`)
        .toString('base64')
        .replace(/.{20}/g, '$& '),
    ],
    ['UTF-16', Buffer.from('\ufeff<Signature/>', 'utf16le')],
  ])('judges a signature, however broken: %s', async (_title, content) => {
    const { code, report } = await json('verify', '--signature', file('odd', content), ...trusted);
    expect([code, report['indication'], report['subIndication']]).toEqual([1, 'TOTAL-FAILED', 'FORMAT_FAILURE']);
  });

  it.each([76, 64])('is verified where mail has wrapped it into lines of %d, and the report says so', async (width) => {
    const wrapped = `${vector.completion.signature.replace(new RegExp(`.{${width}}`, 'g'), '$&\r\n')}\r\n`;
    const ocsp = file('wrapped.ocsp', vector.completion.ocspResponse ?? '');
    const words = ['verify', '--signature', file('wrapped.b64', wrapped), '--ocsp', ocsp, ...trusted];
    const { code, report } = await json(...words);
    expect([code, report['indication']]).toEqual([0, 'TOTAL-PASSED']);
    expect(report['warnings']).toContain('base64-unwrapped');
    const uneven = vector.completion.signature.replace(/.{75}/g, '$&\n');
    expect((await json('verify', '--signature', file('uneven.b64', uneven), ...trusted)).code).toBe(1);
  });

  it.each([
    ['without a root', ['verify', '--signature', root]],
    ['without anything', ['verify']],
    ['with a path and a signature', ['verify', work, '--signature', root, ...trusted]],
    ['with --ocsp beside a path', ['verify', work, '--ocsp', root]],
    ['with an unknown policy', ['verify', work, '--policy', 'lenient']],
    ['with an unknown environment', ['verify', work, '--environment', 'sandbox']],
    ['with a date that is no RFC 3339 time', ['verify', work, '--at', '2022-12-01']],
    ['with a day that does not exist', ['verify', work, '--at', '2026-02-30T00:00:00Z']],
    ['with an unpinned root as --trust', ['verify', '--signature', root, '--trust', root]],
    ['with an unknown option', ['verify', work, '--force']],
  ])('ends with 64 when used %s', async (_title, args) => {
    const { code, stdout } = await runCli(...args);
    expect([code, stdout]).toEqual([64, '']);
  });

  it('ends with 66 where a file cannot be opened', async () => {
    for (const args of [
      ['--signature', join(work, 'none'), ...trusted],
      ['--signature', work, ...trusted],
      [join(work, 'none')],
    ]) {
      expect((await runCli('verify', ...args)).code).toBe(66);
    }
  });
});

describe('sigill verify, what was exported', () => {
  const folder = (name: string, changes: Readonly<Record<string, string | null>> = {}): Promise<string> => {
    const files = folderOf(vector);
    for (const [path, content] of Object.entries(changes)) {
      if (content === null) files.delete(path);
      else files.set(path, Buffer.from(content));
    }
    return writeFolder(join(work, name), files);
  };

  it('passes a folder as it was exported', async () => {
    const { code, report } = await json('verify', await folder('whole'), ...trusted);
    expect([code, report['indication'], report['matches'], report['payer']]).toEqual([
      0,
      'TOTAL-PASSED',
      'yes',
      'bound',
    ]);
  });

  it('does not believe the root that a folder carries, unless it is pinned', async () => {
    const { code, report } = await json('verify', await folder('untrusted'));
    expect([code, report['subIndication']]).toEqual([2, 'NO_CERTIFICATE_CHAIN_FOUND']);
  });

  it.each([
    ['consent.json', '{}'],
    ['visible-text.txt', 'Betala 1 kr'],
    ['non-visible.json', '{}'],
    ['report.json', '{}'],
    ['circumstances.json', '{}'],
    ['VERIFY.txt', null],
    ['verify.sh', 'true'],
  ])('does not match a folder whose %s was changed', async (name, content) => {
    const { code, report } = await json('verify', await folder(`changed-${name}`, { [name]: content }), ...trusted);
    expect([code, report['matches']]).toEqual([1, 'no']);
  });

  it('verifies every folder of an export, in a ZIP as in a directory', async () => {
    const files = await exportOf({ [ONE]: folderOf(vector), [TWO]: folderFor(TWO) });
    const zip = await writeZip(join(work, 'export.zip'), files);
    const compressed = await writeZip(join(work, 'compressed.zip'), files, true);
    const directory = await writeFolder(join(work, 'export'), files);
    for (const path of [zip, compressed, directory]) {
      const { code, report } = await json('verify', path, ...trusted);
      expect([code, report['indication'], report['matches']]).toEqual([0, 'TOTAL-PASSED', 'yes']);
      expect(report['evidences']).toHaveLength(2);
    }
    expect((await runCli('verify', zip, ...trusted)).stdout).toMatch(
      /^UNPINNED {2}TOTAL-PASSED, matches: yes\n2 examined\n/,
    );
  });

  it.each([
    [
      'a file that the manifest does not list',
      (files: Map<string, Buffer>) => files.set(`${ONE}/more.txt`, Buffer.from('x')),
    ],
    ['a file that was deleted', (files: Map<string, Buffer>) => void files.delete(`${ONE}/circumstances.json`)],
    [
      'a folder that was deleted',
      (files: Map<string, Buffer>) =>
        [...files.keys()].filter((path) => path.startsWith(TWO)).forEach((path) => files.delete(path)),
    ],
    ['a file that was changed', (files: Map<string, Buffer>) => files.set(`${ONE}/verify.sh`, Buffer.from('true'))],
    ['no manifest', (files: Map<string, Buffer>) => void files.delete('manifest.json')],
  ])('does not match an export with %s', async (_title, change) => {
    const files = await exportOf({ [ONE]: folderOf(vector), [TWO]: folderFor(TWO) });
    change(files);
    const { code, report } = await json('verify', await writeZip(join(work, 'changed.zip'), files), ...trusted);
    expect([code, report['matches']]).toEqual([1, 'no']);
  });
});

describe('sigill inspect', () => {
  it('shows structure, never a person', async () => {
    for (const name of ['good.b64', 'good.ocsp', 'root.pem']) {
      const { code, stdout } = await runCli('inspect', join(work, name));
      expect(code).toBe(0);
      expect(stdout).not.toMatch(/199001012385|Anna|Andersson|Elbolaget/);
    }
    expect((await json('inspect', join(work, 'good.b64'))).report).toMatchObject({
      kind: 'bankid-signature',
      funcId: 'Signing',
    });
    expect((await json('inspect', join(work, 'good.ocsp'))).report).toMatchObject({ kind: 'ocsp-response', status: 0 });
    expect((await runCli('inspect', file('odd', 'x'))).code).toBe(1);
    expect((await runCli('inspect', join(work, 'none'))).code).toBe(66);
  });
});

describeWithSamples('sigill verify, genuine material', () => {
  const genuine = [
    'verify',
    '--signature',
    samplePath('signatures/official-identification.b64'),
    '--trust',
    samplePath('roots/Test_BankID_Root_CA_v1_Test.pem'),
  ];

  it('accepts the test root in the test environment only, and says TEST', async () => {
    const test = await runCli(...genuine, '--environment', 'test', '--at', '2022-12-01T00:00:00Z');
    expect(test.code).toBe(2);
    expect(test.stdout).toMatch(/^TEST {2}INDETERMINATE \/ TRY_LATER\n/);
    const production = await json(...genuine);
    expect([production.code, production.report['subIndication']]).toEqual([2, 'NO_CERTIFICATE_CHAIN_FOUND']);
  });

  it('refuses the TLS root by name', async () => {
    const { code, stderr } = await runCli(
      'verify',
      '--signature',
      root,
      '--trust',
      samplePath('roots/BankID_SSL_Root_CA_v1.pem'),
    );
    expect(code).toBe(64);
    expect(stderr).toContain('BankID SSL Root CA v1');
  });
});
