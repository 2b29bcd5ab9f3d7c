import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { EvidenceBundles } from '../../../src/compliance/bundles/evidence-bundles.ts';
import { ConsentFiles } from '../../../src/compliance/export/consent-files.ts';
import { parseExportRequest, type ExportFormat } from '../../../src/compliance/export-request.ts';
import type { Exports } from '../../../src/compliance/exports.ts';
import { KeptBundles } from '../../../src/evidence/kept-bundles.ts';
import { Ledger } from '../../../src/ledger/ledger.ts';
import { runCli } from '../../support/commands/run-cli.ts';
import { unzip } from '../../support/evidence/checked-export.ts';
import { sealOf, writeFolder, writeZip } from '../../support/evidence/evidence-export.ts';
import { exportParts } from '../../support/evidence/export-parts.ts';
import { EvidenceSteps } from '../../support/evidence/evidence-steps.ts';
import { Sealing } from '../../support/seals/sealing.ts';

interface Found {
  readonly code: number;
  readonly warnings: readonly string[];
  readonly complete: string;
  readonly indication: unknown;
  readonly evidences: number;
}

describe('sigill verify, of an export of each format', () => {
  const work = mkdtempSync(join(tmpdir(), 'sigill-formats-'));
  let steps: EvidenceSteps;
  let sealing: Sealing;
  let exports: Exports;
  let trust: readonly string[];

  beforeAll(async () => {
    steps = await EvidenceSteps.start();
    sealing = await Sealing.open(steps.clock.now());
    const { database } = steps.database;
    const kept = steps.get(KeptBundles);
    const bundles = new EvidenceBundles(kept, steps.get(Ledger), sealing.seals, steps.trail, database);
    ({ exports } = exportParts(steps, sealing.seals, { files: new ConsentFiles(bundles, steps.verification) }));
    for (let n = 0; n < 3; n += 1) await steps.accept();
    await steps.advanceLedger('bank-a');
    writeFileSync(join(work, 'root'), steps.pki.relyingParty.signatureRootPem);
    writeFileSync(join(work, 'ca'), sealing.services.rootPem);
    trust = ['--trust-unpinned', join(work, 'root'), '--seal-trust', join(work, 'ca'), '--tsa-trust', join(work, 'ca')];
  }, 120_000);
  afterAll(async () => {
    rmSync(work, { recursive: true });
    await steps.stop();
  });

  async function exported(format: ExportFormat): Promise<Map<string, Buffer>> {
    const words = { from: '2026-01-01', to: '2027-01-01', purpose: 'audit', bank: 'bank-a' };
    const request = { ...parseExportRequest(words, 'operator:eva'), format };
    const out = new PassThrough();
    const [zip] = await Promise.all([buffer(out), exports.writeExport(request, out)]);
    return new Map(await unzip(zip));
  }

  let count = 0;
  /** As a ZIP and as a directory, with the checkpoint in the manifest as the one that was kept. */
  async function verify(files: ReadonlyMap<string, Buffer>): Promise<Found> {
    count += 1;
    const { ledger } = JSON.parse(String(files.get('manifest.json'))) as {
      readonly ledger: { readonly checkpoint: string };
    };
    writeFileSync(join(work, 'kept'), ledger.checkpoint);
    const paths = [
      await writeZip(join(work, `${count}.zip`), files),
      await writeFolder(join(work, String(count)), files),
    ];
    const found: Found[] = [];
    for (const path of paths) {
      const { code, stdout } = await runCli('verify', path, ...trust, '--checkpoint', join(work, 'kept'), '--json');
      const { warnings, complete, indication, evidences } = JSON.parse(stdout) as {
        readonly warnings: readonly string[];
        readonly complete: { readonly state: string };
        readonly indication: unknown;
        readonly evidences: readonly unknown[];
      };
      found.push({
        code,
        warnings: warnings.toSorted(),
        complete: complete.state,
        indication,
        evidences: evidences.length,
      });
    }
    expect(found[0]).toEqual(found[1]);
    return found[0]!;
  }

  /** Changes a file of the first folder, or removes it, and makes lists, manifest and seal fit. */
  async function forged(
    files: ReadonlyMap<string, Buffer>,
    name: string,
    change: (bytes: Buffer) => Buffer | undefined,
  ): Promise<ReadonlyMap<string, Buffer>> {
    const copy = new Map(files);
    const path = [...files.keys()].find((each) => each.endsWith(`/${name}`))!;
    const bytes = change(copy.get(path)!);
    const list = String(copy.get('folders.sha256'))
      .split('\n')
      .filter((line) => !line.endsWith(path));
    if (bytes) copy.set(path, bytes);
    else copy.delete(path);
    if (bytes) list.splice(-1, 0, `${sha256(bytes)}  ${path}`);
    copy.set('folders.sha256', Buffer.from(list.join('\n')));
    const manifest = JSON.parse(String(copy.get('manifest.json'))) as { readonly files: Record<string, string> };
    manifest.files['folders.sha256'] = sha256(copy.get('folders.sha256')!);
    const said = Buffer.from(JSON.stringify(manifest));
    return copy.set('manifest.json', said).set('manifest.p7s', await sealOf(said, sealing));
  }

  it.each<[ExportFormat, object]>([
    ['folders', { code: 0, indication: 'TOTAL-PASSED', evidences: 3 }],
    ['bundles', { code: 0, indication: 'TOTAL-PASSED', evidences: 3 }],
    // They hold no evidence that is verified here: exit code 66, and lists, seal and ledger are compared all the same.
    ['list', { code: 66, indication: undefined, evidences: 0 }],
    ['jsonl', { code: 66, indication: undefined, evidences: 0 }],
  ])('%s: finds nothing wrong, and that it is complete', async (format, expected) => {
    expect(await verify(await exported(format))).toEqual({ warnings: [], complete: 'proved', ...expected });
  });

  it.each<[string, (text: string) => string]>([
    ['an event is removed', (text) => text.replace(/^\{"event".*\n/m, '')],
    ['an event is changed', (text) => text.replace('"actor":"service"', '"actor":"servicf"')],
    ['its end is cut off', (text) => text.replace(/\{"event"[^\n]*\n(?=\{"auditLeaf")/, '')],
    [
      'its head is that of another consent',
      (text) => text.replace(/"subject":"consent:[^"]+"/, '"subject":"consent:bank-a:x"'),
    ],
    ['its head is removed', (text) => text.replace(/\{"auditLeaf".*\n$/, '')],
  ])('names a chain of events where %s, although all sums fit', async (_, change) => {
    const files = await exported('folders');
    const answer = await verify(await forged(files, 'audit.jsonl', (bytes) => Buffer.from(change(String(bytes)))));
    expect(answer.code).toBe(1);
    expect(answer.warnings).toEqual([expect.stringMatching(/^audit\.chain-broken: 00000\d_.*\/audit\.jsonl$/)]);
  });

  it('names a bundle that is missing, of other evidence or changed, and what was added beside it', async () => {
    const files = await exported('bundles');
    const bundles = [...files].filter(([name]) => name.endsWith('/evidence.asice'));
    const gone = await verify(await forged(files, 'evidence.asice', () => undefined));
    expect([gone.code, gone.warnings[0]]).toEqual([1, expect.stringMatching(/^folder\.without-evidence: 00000/)]);
    const other = await verify(await forged(files, 'evidence.asice', () => bundles.at(-1)![1]));
    expect(other.warnings).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^folder\.consent-twice/),
        expect.stringMatching(/^folder\.name-differs/),
        expect.stringMatching(/^ledger\.digest-differs/),
      ]),
    );
    const cut = await verify(await forged(files, 'evidence.asice', (bytes) => bytes.subarray(0, -30)));
    expect([other.code, cut.code]).toEqual([1, 1]);
    const added = new Map(files).set(bundles[0]![0].replace('evidence.asice', 'note.txt'), Buffer.from('x'));
    expect((await verify(added)).warnings).toEqual([expect.stringMatching(/^manifest\.file-not-listed: .*note\.txt$/)]);
  });

  it('names a paper of a list that was changed or removed, and a line whose digest is not that of the ledger', async () => {
    const files = await exported('list');
    const changed = await verify(
      new Map(files).set(
        [...files.keys()].find((name) => name.endsWith('.txt'))!,
        Buffer.from('x'),
      ),
    );
    expect([changed.code, changed.warnings]).toEqual([1, [expect.stringMatching(/^manifest\.file-changed: 00000/)]]);
    const digest = /"digest":"([^"]{43})"/.exec(String(files.get('ledger.jsonl')))![1]!;
    const index = Buffer.from(String(files.get('index.csv')).replace(digest, 'A'.repeat(43)));
    const answer = await verify(new Map(files).set('index.csv', index));
    expect(answer.warnings).toEqual(expect.arrayContaining([expect.stringMatching(/^ledger\.digest-differs: 00000/)]));
    expect([answer.code, answer.complete]).toEqual([1, 'unsound']);
  });
});

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
