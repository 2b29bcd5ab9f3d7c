import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import yauzl from 'yauzl';
import { parseExportRequest } from '../../src/compliance/export-request.ts';
import { Exports } from '../../src/compliance/exports.ts';
import { payment, TestSystem } from '../support/system/system.ts';

const hasTools = ['xmlsec1', 'openssl'].every((tool) => spawnSync(tool, ['version']).error === undefined);

describe('the evidence of a payment that went through the whole service', () => {
  let test: TestSystem;
  let consentId: string;
  beforeAll(async () => {
    test = await TestSystem.start();
    consentId = (await test.signedPayment(payment)).token.consentId;
  }, 120_000);
  afterAll(() => test.stop());

  it('is given to its bank with a purpose, verifies, and is never cached', async () => {
    const list = await test.bank.readEvidence(`/consents/${consentId}/evidence`, 'audit');
    expect(list).toMatchObject({ status: 200, body: { evidence: [{ kind: 'accepted', consentId }] } });
    const [{ evidenceId }] = list.body['evidence'] as readonly [{ evidenceId: string }];
    expect(list.headers.get('cache-control')).toBe('no-store');
    const whole = await test.bank.readEvidence(`/evidence/${evidenceId}`, 'audit');
    expect(whole).toMatchObject({ status: 200, body: { consentId, indication: 'TOTAL-PASSED' } });
    expect(await test.bank.readEvidence(`/evidence/${evidenceId}/verification`, 'audit')).toMatchObject({
      status: 200,
      body: { indication: 'TOTAL-PASSED', matches: 'yes', environment: 'unpinned' },
    });
  });

  it('does not exist for another bank', async () => {
    const other = await test.connectBank(test.system.clients.otherBank);
    const answer = await other.readEvidence(`/consents/${consentId}/evidence`, 'audit');
    expect(answer).toMatchObject({ status: 404, body: { code: 'evidence.not-found' } });
  });

  it('is refused without a purpose from the list', async () => {
    const refused = await test.bank.readEvidence(`/consents/${consentId}/evidence`, 'curiosity');
    expect(refused).toMatchObject({ status: 400, body: { code: 'caller.purpose-required' } });
  });

  it('is exported with folders that verify.sh accepts', async () => {
    const out = new PassThrough();
    const words = { from: '2000-01-01', to: '2100-01-01', purpose: 'Revision' };
    const running = test.system.app.get(Exports).writeExport(parseExportRequest(words, 'operator:eva'), out);
    const [zip, summary] = await Promise.all([buffer(out), running]);
    expect(summary).toMatchObject({ count: 1, sums: { SEK: '1250.00' } });
    const work = mkdtempSync(path.join(tmpdir(), 'sigill-export-'));
    const file = await yauzl.fromBufferPromise(zip);
    for await (const entry of file.eachEntry()) {
      mkdirSync(path.dirname(path.join(work, entry.fileName)), { recursive: true });
      writeFileSync(path.join(work, entry.fileName), await buffer(await file.openReadStreamPromise(entry)));
    }
    if (hasTools) {
      const { status, stdout } = spawnSync('sh', [path.join(work, consentId, 'verify.sh')], { encoding: 'utf8' });
      expect(stdout).toMatch(/PASSED {2}UNPINNED/);
      expect(status).toBe(0);
    } else process.stderr.write('skipped: verify.sh needs xmlsec1 and openssl\n');
    rmSync(work, { recursive: true });
  });
});
