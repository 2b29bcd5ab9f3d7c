import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { findChainFaults } from '../../src/audit/check-chain.ts';
import { planOf } from '../../src/cli/verify/units/plan.ts';
import { openRunner } from '../../src/cli/verify/units/runner.ts';
import { readSettingsSource } from '../../src/cli/verify/settings.ts';
import { ReportSink } from '../../src/cli/verify/sinks.ts';
import { Tally } from '../../src/cli/verify/export/verify-archive.ts';
import { verifyPlan } from '../../src/cli/verify/verify-paths.ts';
import type { Evidence, LockedEvidence } from '../../src/evidence/evidence.ts';
import { parseExportRequest, type ExportWords } from '../../src/compliance/export-request.ts';
import type { Exports, ExportSummary } from '../../src/compliance/exports.ts';
import { consentSubject } from '../../src/kernel/subject.ts';
import { makeBundleTrust, noTrust } from '../../src/bundle/trust.ts';
import { verifyDetachedSeal } from '../../src/bundle/verify-seal.ts';
import { languages } from '../../src/evidence-files/report-phrases.ts';
import { checkedExport, lasting, unzip } from '../support/evidence/checked-export.ts';
import { EvidenceSteps } from '../support/evidence/evidence-steps.ts';
import { exportParts, numberEvidence } from '../support/evidence/export-parts.ts';
import { Sealing } from '../support/seals/sealing.ts';
import { unlisted } from '../support/database/database.ts';

const words: ExportWords = { from: '2026-01-01', to: '2027-01-01', purpose: 'Revision, ärende 17' };

describe('an export', () => {
  let steps: EvidenceSteps;
  let exports: Exports;
  let sealing: Sealing;
  let first: Awaited<ReturnType<EvidenceSteps['accept']>>;

  beforeAll(async () => {
    steps = await EvidenceSteps.start();
    sealing = await Sealing.open(steps.clock.now());
    exports = exportParts(steps, sealing.seals).exports;
    first = await steps.accept();
    await steps.accept({ bank: 'bank-b', clientId: 'other', amount: { currency: 'EUR', amount: '10.50' } });
    await steps.accept({ creditorName: '=HYPERLINK("x")', amount: { currency: 'SEK', amount: '0.05' } });
    await steps.advanceLedger('bank-a');
  }, 120_000);
  afterAll(() => steps.stop());

  async function run(change: Partial<ExportWords> = {}): Promise<{ summary: ExportSummary; zip: Buffer }> {
    await numberEvidence(steps);
    const out = new PassThrough();
    const request = parseExportRequest({ ...words, ...change }, 'operator:eva');
    const [zip, summary] = await Promise.all([buffer(out), exports.writeExport(request, out)]);
    return { summary, zip };
  }

  it('holds a folder for each consent, lists of them that name every file, and a sealed manifest', async () => {
    const { summary, zip } = await run();
    expect(summary).toMatchObject({ count: 3, erased: 0, sums: { SEK: '1250.05', EUR: '10.50' } });
    const files = await unzip(zip);
    const manifest = JSON.parse(files.get('manifest.json')!.toString()) as { files: Record<string, string> };
    expect(manifest).toMatchObject({
      v: 2,
      format: 'folders',
      caseReference: null,
      type: 'sigill-export',
      environment: 'sandbox',
      exportId: summary.exportId,
      purpose: 'Revision, ärende 17',
      requestedBy: 'operator:eva',
      at: steps.clock.now().toISOString(),
      filter: {
        from: '2026-01-01T00:00:00.000Z',
        to: '2027-01-01T00:00:00.000Z',
        tpp: null,
        bank: null,
        consent: null,
        days: null,
        reference: null,
        payer: false,
        states: ['signed'],
      },
      orderedAt: steps.clock.now().toISOString(),
      count: 3,
      erased: 0,
      sums: { SEK: '1250.05', EUR: '10.50' },
    });
    const beside = [...files.keys()].filter((name) => !name.includes('/') && !name.startsWith('manifest.'));
    expect(beside).toEqual(['index.csv', 'index.sv.csv', 'folders.sha256', 'README.html']);
    expect(manifest.files).toEqual(Object.fromEntries(beside.map((name) => [name, sha256(files.get(name)!)])));
    const inFolders = [...files.keys()].filter((name) => name.includes('/'));
    expect(inFolders).toHaveLength(3 * 14);
    expect(sumsIn(files.get('folders.sha256')!, '').size).toBe(3 * 4);
    // As `sha256sum -c` follows them: the list names each VERIFY.txt, and that names the other files of its folder.
    const named = [...sumsIn(files.get('folders.sha256')!, '')].flatMap(([notes, sum]) => {
      expect(sum).toBe(sha256(files.get(notes)!));
      if (!notes.endsWith('/VERIFY.txt')) return [[notes, sum] as const];
      return [[notes, sum] as const, ...sumsIn(files.get(notes)!, notes.replace('VERIFY.txt', ''))];
    });
    expect(named.map(([name]) => name).sort()).toEqual(inFolders.sort());
    for (const [name, sum] of named) expect(sha256(files.get(name)!)).toBe(sum);
    expect(fileOf(files, first.consentId, 'signature.b64')).toBe(first.completion.signature);
    const content = files.get('manifest.json')!;
    const seal = verifyDetachedSeal(
      { content, signature: files.get('manifest.p7s')!, token: undefined },
      sealing.trust,
    );
    expect(seal).toMatchObject({ state: 'sound', timestamp: { state: 'sound' } });
    expect(summary.manifestSha256).toBe(sha256(files.get('manifest.json')!));
  });

  it('indexes the consents: RFC 4180, formulas neutralised, personal numbers masked', async () => {
    const { zip } = await run();
    const index = (await unzip(zip)).get('index.csv')!.toString();
    const lines = index.split('\r\n');
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatch(/^consent_id,evidence_id,ledger_number,state,authorised_at,/);
    const at = steps.clock.now().toISOString();
    expect(index).toMatch(new RegExp(`\r\n${first.consentId},${first.evidenceId},\\d*,authorised,${at},`));
    expect(index).toContain('"\'=HYPERLINK(""x"")"');
    expect(index).toContain(',19900101****,');
    expect(index).not.toContain(first.completion.personalNumber);
    expect(index).toContain(',EUR,10.50,');
  });

  it('writes it for a spreadsheet in Sweden too: byte order mark, semicolons, decimal comma, Swedish time', async () => {
    const { zip } = await run();
    const sheet = (await unzip(zip)).get('index.sv.csv')!;
    expect(sheet.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    expect(sheet.toString()).toContain('Samtycke;Bevis;Nummer i liggaren;Tillstånd;Godkänt;');
    expect(sheet.toString()).toContain(';authorised;2026-11-22 11:00:05;');
    expect(sheet.toString()).toContain(';EUR;10,50;');
    expect(sheet.toString()).not.toContain(first.completion.personalNumber);
  });

  it.each([
    ['a TPP', { tpp: 'other' }, 1],
    ['a bank', { bank: 'bank-a' }, 2],
    ['another TPP', { tpp: 'nobody' }, 0],
    ['a period that ends where it began', { from: '2026-11-22T10:00:05Z', to: '2026-11-22T10:00:05.001Z' }, 3],
    ['a period that ends just before', { from: '2026-11-22', to: '2026-11-22T10:00:05Z' }, 0],
    ['a period in another zone', { from: '2026-11-22T11:00:05+01:00', to: '2026-11-23' }, 3],
  ])('keeps to %s', async (_, change, count) => {
    expect((await run(change)).summary.count).toBe(count);
  });

  it('keeps to one consent', async () => {
    const { summary, zip } = await run({ consent: first.consentId });
    expect(summary.count).toBe(1);
    expect(
      [...(await unzip(zip)).keys()].filter((name) => name.endsWith(`_${first.consentId}/verify.sh`)),
    ).toHaveLength(1);
  });

  it('is the same for the same consents, byte for byte, but for its own id and the events that each export adds', async () => {
    const [a, b] = [await run(), await run()];
    expect(lasting(await checkedExport(a.zip))).toEqual(lasting(await checkedExport(b.zip)));
  });

  it('has the same bytes in every time zone', () => {
    const module = new URL('../../build/src/crypto/zip/zip-writer.js', import.meta.url).href;
    const program = `const { ZipWriter } = await import(${JSON.stringify(module)});
                     const zip = new ZipWriter();
                     process.stdout.write(Buffer.concat([...zip.member('file', Buffer.from('bytes')), ...zip.end()]));`;
    const packedIn = (TZ: string): string => {
      const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
        env: { ...process.env, TZ },
      });
      expect([status, stdout.length > 0]).toEqual([0, true]);
      return stdout.toString('latin1');
    };
    expect(packedIn('Pacific/Auckland')).toBe(packedIn('UTC'));
    expect(packedIn('America/New_York')).toBe(packedIn('UTC'));
  });

  it('is accepted by sigill verify, which knows nothing but the file and the root', async () => {
    const { zip } = await run();
    const folder = mkdtempSync(path.join(tmpdir(), 'sigill-export-'));
    const [file, root] = [path.join(folder, 'export.zip'), path.join(folder, 'root.pem')];
    writeFileSync(root, steps.pki.relyingParty.signatureRootPem);
    const trust = { ...makeBundleTrust(noTrust), seal: sealing.trust };
    const verify = async (bytes: Buffer) => {
      writeFileSync(file, bytes);
      const source = await readSettingsSource({ trustUnpinned: root }, steps.clock.now());
      const runner = await openRunner({ source, trust: noTrust, ledger: undefined, reveal: true, form: 'report' }, 1);
      const [sink, tally] = [new ReportSink(false, languages.en), new Tally()];
      await verifyPlan(await planOf(file), { runner, trust, sink, tally });
      return sink.whole(tally.verdict);
    };
    const report = await verify(zip);
    expect(report).toMatchObject({ indication: 'TOTAL-PASSED', matches: 'yes', seal: { state: 'sound' } });
    expect(report.evidences).toHaveLength(3);
    const forged = Buffer.from(zip.toString('latin1').replace('"amount":"1250.00"', '"amount":"9250.00"'), 'latin1');
    await expect(
      verify(forged).then(
        ({ matches }) => matches,
        () => 'no',
      ),
    ).resolves.toBe('no');
    rmSync(folder, { recursive: true });
  });

  it('is written down with its purpose: in a chain of its own and in that of every consent', async () => {
    const { summary } = await run();
    const own = await steps.trail.listEvents(`export:${summary.exportId}`);
    expect(own.map(({ event }) => JSON.parse(event) as unknown)).toMatchObject([
      { type: 'export.started', actor: 'operator:eva', detail: { purpose: 'Revision, ärende 17', consents: 3 } },
      { type: 'export.completed', detail: { count: 3, manifestSha256: summary.manifestSha256 } },
    ]);
    const subject = consentSubject(first.bank, first.consentId);
    const events = await steps.trail.listEvents(subject);
    expect(findChainFaults(events)).toEqual([]);
    expect(JSON.parse(events.at(-1)!.event)).toMatchObject({
      type: 'evidence.exported',
      actor: 'operator:eva',
      detail: { exportId: summary.exportId, evidenceId: first.evidenceId, purpose: 'Revision, ärende 17' },
    });
  });

  it('waits for a slow reader instead of holding what he has not taken', async () => {
    for (let n = 0; n < 12; n += 1) await steps.accept({ bank: 'bank-slow' });
    await steps.advanceLedger('bank-slow');
    let held = 0;
    let opened = 0;
    const counting = Object.create(steps.store) as typeof steps.store;
    counting.findLocked = async (...args) => {
      const open = (locked: LockedEvidence): Evidence => {
        opened += 1;
        return locked.open();
      };
      const found = await steps.store.findLocked(...args);
      return found.map((locked) => locked && { ...locked, open: () => open(locked) });
    };
    const { exports: slow } = exportParts(steps, sealing.seals, { store: counting });
    let release = (): void => undefined;
    let isBlocked = (): void => undefined;
    const blocked = new Promise<void>((resolve) => (isBlocked = resolve));
    const out = new Writable({
      highWaterMark: 1024,
      write(chunk: Buffer, _, done) {
        held += chunk.length;
        release = done;
        if (held < 20_000) done();
        else isBlocked();
      },
    });
    await numberEvidence(steps);
    const running = slow.writeExport(parseExportRequest({ ...words, bank: 'bank-slow' }, 'operator:eva'), out);
    await blocked;
    // Everything that can go on without the reader has gone on when the pool has answered another query.
    for (let n = 0; n < 50; n += 1) await steps.database.database.query(unlisted('select 1'), []);
    // The reader's buffer holds a folder; what else of the page was read is sealed.
    expect(opened).toBeLessThanOrEqual(3);
    held = Number.NEGATIVE_INFINITY;
    release();
    expect((await running).count).toBe(12);
    expect(opened).toBe(12);
  });

  it('fails, and says so in its chain, when the reader goes away', async () => {
    const out = new Writable({ write: (_chunk, _encoding, done) => done(new Error('the disk is full')) });
    const request = parseExportRequest({ ...words, consent: first.consentId }, 'operator:eva');
    await expect(exports.writeExport(request, out)).rejects.toThrow('the disk is full');
    const [failed] = await steps.database.asOwner("select subject from audit_event where type = 'export.failed'");
    expect(failed).toBeDefined();
    if (!out.closed) await once(out, 'close');
  });

  it('counts consents whose evidence was erased, and exports the others', async () => {
    const erased = await steps.accept({ bank: 'bank-old' });
    await steps.accept({ bank: 'bank-old' });
    await steps.database.asOwner('delete from data_key where subject = $1', [
      consentSubject('bank-old', erased.consentId),
    ]);
    await steps.advanceLedger('bank-old');
    const { summary, zip } = await run({ bank: 'bank-old' });
    expect(summary).toMatchObject({ count: 1, erased: 1 });
    expect([...(await unzip(zip)).keys()].some((name) => name.includes(erased.consentId))).toBe(false);
  });
});

/** The lines of a list as sha256sum writes it, by path. */
function sumsIn(list: Buffer, folder: string): Map<string, string> {
  const lines = list.toString().matchAll(/^([0-9a-f]{64}) {2}([\w./-]+)$/gm);
  return new Map([...lines].map(([, sum = '', name = '']) => [folder + name, sum]));
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Of the one folder of a consent, whose number depends on the order in which its evidence was numbered. */
function fileOf(files: ReadonlyMap<string, Buffer>, consentId: string, name: string): string {
  const paths = [...files.keys()].filter(
    (path) => /^00000\d_2026-11-22_/.test(path) && path.endsWith(`_${consentId}/${name}`),
  );
  expect(paths).toHaveLength(1);
  return files.get(paths[0]!)!.toString('utf8');
}
