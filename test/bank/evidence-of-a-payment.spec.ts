import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import yauzl from 'yauzl';
import { AuditTrail } from '../../src/audit/audit-trail.ts';
import { BUNDLE_TYPE, LEDGER_PROOF } from '../../src/bundle/container.ts';
import { readBundle } from '../../src/bundle/read-bundle.ts';
import { verifySeal, type SealTrust } from '../../src/bundle/verify-seal.ts';
import { DIGEST_FILE } from '../../src/evidence-files/evidence-folder.ts';
import { parseExportRequest } from '../../src/compliance/export-request.ts';
import { Reseals } from '../../src/compliance/reseals.ts';
import type { AppConfig, SigningKeyConfig } from '../../src/config/config.ts';
import { Database } from '../../src/database/database.ts';
import { KeptBundles } from '../../src/evidence/kept-bundles.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { SigningKeys } from '../../src/keys/signing-keys.ts';
import type { Crls } from '../../src/timestamps/crls.ts';
import { Timestamps } from '../../src/timestamps/timestamps.ts';
import { Sealing } from '../support/seals/sealing.ts';
import { Exports } from '../../src/compliance/exports.ts';
import { parseCheckpoint } from '../../src/crypto/tlog/checkpoint.ts';
import { isIncluded, leafHash } from '../../src/crypto/tlog/merkle.ts';
import { parseNote } from '../../src/crypto/tlog/note.ts';
import { parseProofFile } from '../../src/crypto/tlog/proof-file.ts';
import { parsePemCertificate } from '../../src/crypto/x509/certificate.ts';
import { parseConsentId } from '../../src/kernel/ids.ts';
import { consentSubject } from '../../src/kernel/subject.ts';
import { Seals } from '../../src/seals/seals.ts';
import { noMaven } from '../support/commands/maven.ts';
import { judgeByDss } from '../support/dss/dss-judge.ts';
import { noTools } from '../support/evidence/evidence-folders.ts';
import { noPdftotext, textOfPdf } from '../support/papers/pdf-judges.ts';
import { runCli } from '../support/commands/run-cli.ts';
import { runOperatorCommand } from '../support/commands/operator-command.ts';
import { eventually } from '../support/eventually.ts';
import { repack, tamperings } from '../support/seals/tampered.ts';
import { itUnless } from '../support/skipping.ts';
import { payment, TestSystem } from '../support/system/system.ts';

describe('the evidence of a payment that went through the whole service', () => {
  let test: TestSystem;
  let consentId: string;
  let bundle: Buffer;
  let resealed: Buffer;
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

  const accept = (form: string): Promise<Response> => test.bank.fetchEvidence(consentId, 'dispute', form);
  const trust = (): SealTrust => {
    const root = parsePemCertificate(test.system.simulator.trustServices.rootPem);
    return { seals: [root], timestamps: [root] };
  };

  it('is given as a bundle once a head of the ledger has it, sealed once, also when two ask at the same time', async () => {
    const covered = await eventually(async () => {
      const answer = await accept(BUNDLE_TYPE);
      if (answer.status === 503) expect(answer.headers.get('retry-after')).toMatch(/^[0-9]+$/);
      return answer.status === 503 ? undefined : answer;
    });
    expect(covered.status).toBe(200);
    expect(covered.headers.get('content-type')).toBe(BUNDLE_TYPE);
    expect(covered.headers.get('cache-control')).toBe('no-store');
    const first = Buffer.from(await covered.arrayBuffer());
    const others = await Promise.all([accept(BUNDLE_TYPE), accept(`application/zip;q=0.5, ${BUNDLE_TYPE}`)]);
    for (const other of others) expect(Buffer.from(await other.arrayBuffer()).equals(first)).toBe(true);
    bundle = first;
  });

  it('is in its bundle as in its folder, with its place in the ledger, under a sound seal', async () => {
    const read = await readBundle(bundle);
    expect(verifySeal(read, trust())).toMatchObject({ state: 'sound', timestamp: { state: 'sound' } });
    const { index, proof, checkpoint } = parseProofFile(read.members.get(LEDGER_PROOF)!);
    const { size, root } = parseCheckpoint(parseNote(checkpoint).text);
    const { evidenceDigest } = JSON.parse(read.members.get(DIGEST_FILE)!.toString()) as Record<string, string>;
    const leaf = leafHash(Buffer.from(evidenceDigest!, 'base64url'));
    expect(isIncluded({ index, size, leaf, proof, root })).toBe(true);
    const zip = Buffer.from(await (await accept('application/zip')).arrayBuffer());
    const packed = await yauzl.fromBufferPromise(zip);
    const names: string[] = [];
    for await (const entry of packed.eachEntry()) {
      const name = path.basename(entry.fileName);
      names.push(name);
      expect([name, await buffer(await packed.openReadStreamPromise(entry))]).toEqual([name, read.members.get(name)]);
    }
    expect([...read.members.keys()].filter((name) => !names.includes(name))).toContain(LEDGER_PROOF);
  });

  const digests = async (type: string): Promise<readonly unknown[]> => {
    const subject = consentSubject(test.system.clients.bank.id, parseConsentId(consentId));
    const events = (await test.system.app.get(AuditTrail).listEvents(subject)).map(
      ({ event }) => JSON.parse(event) as { readonly type: string; readonly detail: Record<string, unknown> },
    );
    return events.filter((event) => event.type === type).map(({ detail }) => detail['sha256']);
  };

  it('is sealed and read as its audit trail says, with the digest of what was handed over', async () => {
    const sha256 = createHash('sha256').update(bundle).digest('hex');
    expect(await digests('evidence.sealed')).toEqual([sha256]);
    expect((await digests('evidence.read')).filter((digest) => digest !== undefined)).toEqual([sha256, sha256, sha256]);
  });

  it('gets no further seal while the certificate is the same', async () => {
    const { code, stdout } = await runOperatorCommand(test, ['reseal', '--json']);
    expect({ code, ...(JSON.parse(stdout) as object) }).toEqual({
      ...{ code: 0, resealed: 0, current: 1, erased: 0, full: 0, damaged: 0 },
    });
  });

  it('gets a further seal by a later certificate, once, behind the first one, which stays', async () => {
    const app = test.system.app;
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const now = test.clock.now();
    const services = test.simulator.trustServices;
    const certificate = await Sealing.of(services, now).certify(publicKey);
    const chain = [certificate, new X509Certificate(services.rootPem).raw] as const;
    const key = {
      kid: 's2',
      alg: 'ES256',
      purpose: 'seals',
      privateJwk: new Secret(privateKey.export({ format: 'jwk' })),
    };
    const keys = new SigningKeys([key as SigningKeyConfig]);
    const crls = { crlsOf: async () => [await services.crl(now)] } as unknown as Crls;
    const later = new Seals(
      { seal: { chain } } as unknown as AppConfig,
      keys,
      app.get(Timestamps, { strict: false }),
      crls,
      test.clock,
    );
    const database = test.system.app.get(Database);
    const reseals = new Reseals(app.get(KeptBundles, { strict: false }), later, app.get(AuditTrail), database);
    expect(await reseals.run('operator:eva')).toMatchObject({ resealed: 1, current: 0 });
    expect(await reseals.run('operator:eva')).toMatchObject({ resealed: 0, current: 1 });
    resealed = Buffer.from(await (await accept(BUNDLE_TYPE)).arrayBuffer());
    const [before, after] = [await readBundle(bundle), await readBundle(resealed)];
    expect(after.seals).toHaveLength(2);
    expect([after.seals[0], after.members]).toEqual([before.seals[0], before.members]);
    expect(verifySeal(after, trust())).toMatchObject({ state: 'sound' });
    expect((await digests('evidence.resealed')).at(0)).toBe(createHash('sha256').update(resealed).digest('hex'));
  });

  itUnless(noMaven)('is passed by EU DSS under each of its seals, and after no change that would matter', async () => {
    const tampered = Object.entries(tamperings).map(([name, change]) => [name, repack(bundle, change)] as const);
    const all = { sound: bundle, resealed, ...Object.fromEntries(tampered) };
    const judged = judgeByDss(all, [test.system.simulator.trustServices.rootPem]);
    if (!judged) return void process.stderr.write('skipped: Maven finds no artefacts of EU DSS\n');
    const passed = 'TOTAL_PASSED null CAdES-BASELINE-LT PASSED';
    expect(judged).toMatchObject({ sound: passed, resealed: `${passed} ${passed}` });
    expect(Object.keys(judged)).toHaveLength(2 + tampered.length);
    for (const [name, zip] of tampered) {
      expect([name, judged[name]]).toEqual([name, expect.not.stringContaining('TOTAL_PASSED')]);
      expect([name, verifySeal(await readBundle(zip), trust()).state]).toEqual([name, 'unsound']);
    }
  });

  itUnless(noPdftotext)(
    'has a case paper that repeats what the service recorded, and a receipt, both without the number',
    async () => {
      const work = mkdtempSync(path.join(tmpdir(), 'sigill-papers-'));
      const file = path.join(work, 'evidence.asice');
      writeFileSync(file, bundle);
      writeFileSync(path.join(work, 'root.pem'), (await readBundle(bundle)).members.get('bankid-root.pem')!);
      const textOf = async (command: string): Promise<string> => {
        const out = path.join(work, `${command}.pdf`);
        const words = [command, file, '--out', out, '--lang', 'en', '--trust-unpinned', path.join(work, 'root.pem')];
        expect(await runCli(...words)).toMatchObject({ code: 0 });
        return textOfPdf(readFileSync(out)).replace(/\s+/g, ' ');
      };
      const [paper, receipt] = [await textOf('case'), await textOf('receipt')];
      for (const recorded of [
        'Requested from BankID',
        'Answer received',
        'Device',
        'Risk low, by BankID',
        'Digest of its build',
      ])
        expect(paper).toContain(recorded);
      for (const text of [paper, receipt]) {
        expect(text).toContain(consentId);
        expect(text).toMatch(/\d{8}\*{4}/);
        expect(text).not.toMatch(/\b(?:19|20)\d{6}-?\d{4}\b/);
      }
      rmSync(work, { recursive: true });
    },
  );

  it('is refused in a form that there is not', async () => {
    const refused = await accept('text/csv');
    expect(refused.status).toBe(406);
    expect(await refused.json()).toMatchObject({ code: 'request.not-acceptable' });
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
    if (noTools === undefined) {
      const folder = readdirSync(work).find((name) => name.endsWith(consentId)) ?? '';
      const { status, stdout } = spawnSync('sh', [path.join(work, folder, 'verify.sh')], { encoding: 'utf8' });
      expect(stdout).toMatch(/PASSED {2}UNPINNED/);
      expect(status).toBe(0);
    } else process.stderr.write(`skipped: verify.sh of an exported folder (${noTools})\n`);
    rmSync(work, { recursive: true });
  });
});
