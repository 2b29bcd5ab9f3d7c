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

/** Keeps the lines of evidence.jsonl, which only an order has written into its result. */
class LineFiles extends ConsentFiles {
  readonly lines: Buffer[] = [];

  override async open(...args: Parameters<ConsentFiles['open']>): ReturnType<ConsentFiles['open']> {
    const opened = await super.open(...args);
    if (opened?.line) this.lines.push(opened.line);
    return opened;
  }
}

describe('sigill verify, of an export of each format', () => {
  const work = mkdtempSync(join(tmpdir(), 'sigill-formats-'));
  let steps: EvidenceSteps;
  let sealing: Sealing;
  let exports: Exports;
  let files: LineFiles;
  let trust: readonly string[];

  beforeAll(async () => {
    steps = await EvidenceSteps.start();
    sealing = await Sealing.open(steps.clock.now());
    const { database } = steps.database;
    const kept = steps.get(KeptBundles);
    const bundles = new EvidenceBundles(kept, steps.get(Ledger), sealing.seals, steps.trail, database);
    files = new LineFiles(bundles, steps.verification);
    ({ exports } = exportParts(steps, sealing.seals, { files }));
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

  async function exported(format: ExportFormat): Promise<ReadonlyMap<string, Buffer>> {
    const words = { from: '2026-01-01', to: '2027-01-01', purpose: 'audit', bank: 'bank-a' };
    const request = { ...parseExportRequest(words, 'operator:eva'), format };
    const out = new PassThrough();
    files.lines.length = 0;
    const [zip] = await Promise.all([buffer(out), exports.writeExport(request, out)]);
    const found = new Map(await unzip(zip));
    if (format !== 'jsonl') return found;
    return resealed(found.set('evidence.jsonl', Buffer.concat(files.lines)), 'evidence.jsonl');
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
    return resealed(copy, 'folders.sha256');
  }

  /** Sealed again, with the sum of a file as it is now. */
  async function resealed(files: ReadonlyMap<string, Buffer>, changed?: string): Promise<ReadonlyMap<string, Buffer>> {
    const manifest = JSON.parse(String(files.get('manifest.json'))) as { readonly files: Record<string, string> };
    if (changed !== undefined) manifest.files[changed] = sha256(files.get(changed)!);
    const said = Buffer.from(JSON.stringify(manifest));
    return new Map(files).set('manifest.json', said).set('manifest.p7s', await sealOf(said, sealing));
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

  it.each<[string, (lines: readonly string[]) => readonly string[], readonly RegExp[]]>([
    ['is left out', (lines) => lines.toSpliced(1, 1), [/^lines\.missing: 000002_/]],
    [
      'is there twice',
      (lines) => lines.with(1, lines[0]!),
      [/^lines\.differ: evidence\.jsonl 2$/, /^lines\.missing: 000002_/],
    ],
    [
      'is changed',
      (lines) => lines.with(2, lines[2]!.replace(/"signature":"../, '"signature":"AA')),
      [/^lines\.differ: evidence\.jsonl 3$/, /^lines\.missing: 000003_/],
    ],
    ['is no evidence', (lines) => [...lines, '{}\n'], [/^lines\.differ: evidence\.jsonl 4$/]],
    ['is left out as all others', () => [], [1, 2, 3].map((n) => RegExp(`^lines\\.missing: 00000${n}_`))],
  ])('names evidence for machines that %s, although all lists and counts fit', async (_, change, warnings) => {
    const files = new Map(await exported('jsonl'));
    const lines = String(files.get('evidence.jsonl')).split(/(?<=\n)/);
    files.set('evidence.jsonl', Buffer.from(change(lines).join('')));
    const answer = await verify(await resealed(files, 'evidence.jsonl'));
    expect(answer.warnings).toEqual(warnings.map((warning) => expect.stringMatching(warning) as unknown));
    // What stands behind the last is no other number.
    const isAllThere = warnings.every(({ source }) => !source.includes('missing'));
    expect([answer.code, answer.complete]).toEqual([1, isAllThere ? 'proved' : 'exporters-word']);
  });

  it('names evidence in the folders of what is called a list, which would pass for all of it', async () => {
    const files = await exported('folders');
    const [shown = ''] = [...files.keys()].filter((name) => name.endsWith('/signature.b64'));
    const folder = shown.slice(0, shown.indexOf('/'));
    const papers = [...files].filter(([name]) => name.startsWith(folder) || /^[^/]+$|\.txt$/.test(name));
    const manifest = JSON.parse(String(files.get('manifest.json'))) as object;
    const bare = new Map(papers).set('manifest.json', Buffer.from(JSON.stringify({ ...manifest, format: 'list' })));
    const answer = await verify(await resealed(bare));
    expect(answer.warnings).toContain(`folder.evidence-unexpected: ${folder}`);
    expect(answer.code).toBe(1);
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
