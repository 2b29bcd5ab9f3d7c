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
      expect(sh(folders).stdout).toMatch(/VERIFY\.txt: OK\n$/);
      expect(sh(scripts).stdout).not.toContain('exit code');
      const [evidence = ''] = sh('find . -name visible-text.txt').stdout.split('\n');
      writeFileSync(path.join(folder, 'README.html'), `${page} `);
      writeFileSync(path.join(folder, evidence), 'Something else');
      expect(sh(manifest)).toMatchObject({
        status: 1,
        stdout: expect.stringContaining('README.html: FAILED') as unknown,
      });
      expect(sh(scripts).stdout).toContain('exit code 1');
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
