import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { parseExportRequest } from '../../../src/compliance/export-request.ts';
import { Exports } from '../../../src/compliance/exports.ts';
import { ExportLedger } from '../../../src/compliance/export/ledger/export-ledger.ts';
import { Manifests } from '../../../src/compliance/export/manifests.ts';
import { EvidenceSteps } from '../../support/evidence/evidence-steps.ts';
import { Sealing } from '../../support/seals/sealing.ts';
import { describeUnless, lackOf } from '../../support/skipping.ts';

/** As long as an OCR number can be, with its check digit. */
const OCR = '1234567890123456789012340';

const words = { from: '2026-01-01', to: '2027-01-01', purpose: 'audit' };

describe('an export that a person has unpacked', () => {
  let steps: EvidenceSteps;
  let sealing: Sealing;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'sigill-readme-'));
    steps = await EvidenceSteps.start();
    sealing = await Sealing.open(steps.clock.now());
    await steps.accept();
    await steps.accept({
      ...{ creditorName: 'Åkeri & Möbler i Växjö AB', amount: { currency: 'SEK', amount: '0.05' } },
      signed: (facts) => {
        const creditorReference = { type: 'OCR', value: OCR } as const;
        return { ...facts, initiation: { ...facts.initiation, creditorReference } };
      },
    });
    await steps.accept({ amount: { currency: 'EUR', amount: '10.50' } });
    const manifests = new Manifests(sealing.seals, steps.get(ExportLedger), { environment: 'sandbox' }, steps.clock);
    const exports = new Exports(steps.database.database, steps.store, steps.trail, manifests, steps.clock);
    const out = new PassThrough();
    const [zip] = await Promise.all([buffer(out), exports.writeExport(parseExportRequest(words, 'operator:eva'), out)]);
    writeFileSync(path.join(folder, 'export.zip'), zip);
    expect(sh('unzip -q export.zip && rm export.zip')).toMatchObject({ status: 0 });
  }, 120_000);
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await steps.stop();
  });

  const sh = (command = '') => spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' });
  const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');

  it('has both indexes whole', () => {
    expect(read('index.csv')).toContain(`,OCR,${OCR},`);
    expect(read('index.sv.csv')).toContain(`;OCR;"=""${OCR}"""`);
    expect(read('index.sv.csv')).toContain(';Åkeri & Möbler i Växjö AB;');
  });

  describeUnless(lackOf('soffice', '--version'))('is opened by a spreadsheet', () => {
    /** What the program has understood of a CSV with this separator, in this language (of LCID), as flat ODF. */
    function open(file: string, separator: number, language: number): string {
      const infilter = `--infilter=Text - txt - csv (StarCalc):${separator},34,76,1,,${language},false,true`;
      const profile = `-env:UserInstallation=file://${folder}/profile`;
      const { status } = spawnSync('soffice', [profile, '--headless', infilter, '--convert-to', 'fods', file], {
        cwd: folder,
        timeout: 100_000,
      });
      expect(status).toBe(0);
      return read(file.replace(/csv$/, 'fods'));
    }
    const valuesIn = (sheet: string): readonly number[] =>
      [...sheet.matchAll(/office:value-type="float" office:value="([^"]*)"/g)].map(([, value]) => Number(value));

    it('with its columns, its letters, its sums, and all digits of an OCR number', () => {
      const [index, sheet] = [open('index.csv', 44, 1033), open('index.sv.csv', 59, 1053)];
      for (const heading of ['consent_id', 'creditor_name', 'folder'])
        expect(index).toContain(`<text:p>${heading}</text:p>`);
      for (const heading of ['Samtycke', 'Betalningsmottagare', 'Mapp'])
        expect(sheet).toContain(`<text:p>${heading}</text:p>`);
      for (const opened of [index, sheet]) {
        expect(opened).toContain('<text:p>Åkeri &amp; Möbler i Växjö AB</text:p>');
        expect(valuesIn(opened)).toEqual(expect.arrayContaining([1250, 0.05]));
      }
      expect(sheet).toContain(`<text:p>${OCR}</text:p>`);
    }, 240_000);
  });

  describeUnless(lackOf('xmlsec1', '--version'))('is checked by the tools of others', () => {
    it('as its page says, and what was changed is found', () => {
      writeFileSync(path.join(folder, 'ROOT.pem'), sealing.services.rootPem);
      writeFileSync(path.join(folder, 'BANKID-ROOT.pem'), steps.pki.relyingParty.signatureRootPem);
      const page = read('README.html');
      const [, english = ''] = page.split('id="english"');
      const [verify, seal, manifest, folders, scripts, ...others] = [
        ...english.matchAll(/<pre class="command"><code>(.*?)<\/code>/gs),
      ].map(([, text = '']) => unescaped(text).replaceAll('/path/to', folder));
      expect(others).toEqual([]);
      expect(verify).toMatch(/^sigill verify [0-9a-f-]{36}\.zip --trust-unpinned/);
      expect(sh(seal)).toMatchObject({ status: 0, stderr: expect.stringContaining('successful') as unknown });
      expect(sh(manifest)).toMatchObject({ status: 0, stdout: expect.stringContaining('index.csv: OK') as unknown });
      expect(sh(folders).stdout).toMatch(/^(?:.*VERIFY\.txt: OK\n){3}$/);
      expect(sh(scripts).stdout).not.toContain('exit code');
      const [evidence = ''] = sh('find . -name visible-text.txt').stdout.split('\n');
      writeFileSync(path.join(folder, 'README.html'), `${page} `);
      writeFileSync(path.join(folder, evidence), 'Something else');
      expect(sh(manifest)).toMatchObject({
        status: 1,
        stdout: expect.stringContaining('README.html: FAILED') as unknown,
      });
      expect(sh(`cd ${path.dirname(evidence)} && sh verify.sh`).status).toBe(1);
    });
  });
});

/** What a browser shows of the text of a page. */
function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
