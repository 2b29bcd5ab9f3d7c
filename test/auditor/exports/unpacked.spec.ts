import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { findChainFaults } from '../../../src/audit/check-chain.ts';
import { parseExportRequest } from '../../../src/compliance/export-request.ts';
import { canonicalJson } from '../../../src/crypto/json/canonical-json.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { consentSubject } from '../../../src/kernel/subject.ts';
import { EvidenceSteps } from '../../support/evidence/evidence-steps.ts';
import { exportParts, numberEvidence } from '../../support/evidence/export-parts.ts';
import { Sealing } from '../../support/seals/sealing.ts';
import { describeUnless, lackOf } from '../../support/skipping.ts';

/** As long as an OCR number can be, with its check digit. */
const OCR = '1234567890123456789012340';

const words = { from: '2026-01-01', to: '2027-01-01', purpose: 'audit' };

describe('an export that a person has unpacked', () => {
  let steps: EvidenceSteps;
  let sealing: Sealing;
  let folder: string;
  let signed: Awaited<ReturnType<EvidenceSteps['accept']>>;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'sigill-readme-'));
    steps = await EvidenceSteps.start();
    sealing = await Sealing.open(steps.clock.now());
    signed = await steps.accept();
    await numberEvidence(steps);
    await steps.accept({
      ...{ creditorName: 'Åkeri & Möbler i Växjö AB', amount: { currency: 'SEK', amount: '0.05' } },
      signed: (facts) => {
        const creditorReference = { type: 'OCR', value: OCR } as const;
        return { ...facts, initiation: { ...facts.initiation, creditorReference } };
      },
    });
    await steps.accept({ amount: { currency: 'EUR', amount: '10.50' } });
    const { consentId, bank } = signed;
    const event = { type: 'evidence.read', at: steps.clock.now(), actor: bank, detail: { purpose: 'audit' } };
    await steps.trail.appendStandalone(consentSubject(bank, consentId), event);
    await numberEvidence(steps);
    const { exports } = exportParts(steps, sealing.seals);
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

  it('has beside each evidence its stored report in both languages, masked, and the chain of its events with its head', () => {
    // Two consents of one moment are numbered in any order.
    const names = read('folders.sha256').match(/\d{6}_[\w-]+(?=\/)/g);
    const name = names?.find((one) => one.endsWith(signed.consentId)) ?? '';
    expect(name).toMatch(/^00000[1-3]_2026-11-22_/);
    const of = (file: string): string => read(path.join(name, file));
    for (const [language, verdict] of [
      ['sv', 'Konstaterat när bevisningen lagrades'],
      ['en', 'Found when the evidence was stored'],
    ] as const) {
      expect(of(`report.${language}.txt`)).toContain(verdict);
      expect(of(`report.${language}.txt`)).toContain('TOTAL-PASSED');
      expect(of(`report.${language}.txt`)).toContain('19900101****');
      expect(of(`report.${language}.txt`)).not.toContain(signed.completion.personalNumber);
    }
    const lines = of('audit.jsonl').trimEnd().split('\n');
    const subject = consentSubject(signed.bank, signed.consentId);
    const events = lines.slice(0, -1).map((line) => {
      const { event, hash, previousHash, seq } = JSON.parse(line) as Record<string, string> & { seq: number };
      expect(line).toBe(canonicalJson(JSON.parse(line) as JsonObject));
      return {
        ...{ subject, seq, event: canonicalJson(event as unknown as JsonObject) },
        ...{ hash: Buffer.from(hash!, 'hex'), previousHash: Buffer.from(previousHash!, 'hex') },
      };
    });
    expect(findChainFaults(events)).toEqual([]);
    const last = events.at(-1)!;
    expect(JSON.parse(last.event)).toMatchObject({ type: 'evidence.read' });
    expect(JSON.parse(lines.at(-1)!)).toEqual({
      head: { subject, seq: last.seq, hash: last.hash.toString('hex') },
      auditLeaf: null,
    });
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
      expect(sh(folders).stdout).toMatch(/^(?:.*: OK\n){12}$/);
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
