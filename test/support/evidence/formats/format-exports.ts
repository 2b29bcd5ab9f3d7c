import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { EvidenceBundles } from '../../../../src/compliance/bundles/evidence-bundles.ts';
import { ConsentFiles } from '../../../../src/compliance/export/consent-files.ts';
import { parseExportRequest, type ExportFormat } from '../../../../src/compliance/export-request.ts';
import type { Exports } from '../../../../src/compliance/exports.ts';
import { KeptBundles } from '../../../../src/evidence/kept-bundles.ts';
import { Ledger } from '../../../../src/ledger/ledger.ts';
import { runCli } from '../../commands/run-cli.ts';
import { Sealing } from '../../seals/sealing.ts';
import { unzip } from '../checked-export.ts';
import { sealOf, writeFolder, writeZip } from '../evidence-export.ts';
import { exportParts } from '../export-parts.ts';
import { EvidenceSteps } from '../evidence-steps.ts';

export interface Found {
  readonly code: number;
  readonly warnings: readonly string[];
  readonly complete: string;
  readonly indication: unknown;
  readonly evidences: number;
  readonly signatures: unknown;
}

/** Keeps the lines of evidence.jsonl, which an order writes at its end. */
class KeptLines extends ConsentFiles {
  readonly lines: Buffer[] = [];

  override async open(...args: Parameters<ConsentFiles['open']>): ReturnType<ConsentFiles['open']> {
    const found = await super.open(...args);
    if (found?.line) this.lines.push(found.line);
    return found;
  }
}

/** Exports of three consents in each format, and what `sigill verify` says of them and of what is made of them. */
export class FormatExports {
  readonly work = mkdtempSync(join(tmpdir(), 'sigill-formats-'));
  readonly trust: readonly string[];
  /** Without the issuers of seals. */
  readonly rootOnly: readonly string[];
  #count = 0;

  private constructor(
    readonly steps: EvidenceSteps,
    private readonly sealing: Sealing,
    private readonly exports: Exports,
    private readonly consents: KeptLines,
  ) {
    const [root, ca] = [join(this.work, 'root'), join(this.work, 'ca')];
    writeFileSync(root, steps.pki.relyingParty.signatureRootPem);
    writeFileSync(ca, sealing.services.rootPem);
    this.rootOnly = ['--trust-unpinned', root];
    this.trust = [...this.rootOnly, '--seal-trust', ca, '--tsa-trust', ca];
  }

  static async start(): Promise<FormatExports> {
    const steps = await EvidenceSteps.start();
    const sealing = await Sealing.open(steps.clock.now());
    const { database } = steps.database;
    const kept = steps.get(KeptBundles);
    const bundles = new EvidenceBundles(kept, steps.get(Ledger), sealing.seals, steps.trail, database);
    const consents = new KeptLines(bundles, steps.verification);
    const { exports } = exportParts(steps, sealing.seals, { files: consents });
    for (let n = 0; n < 3; n += 1) await steps.accept();
    await steps.advanceLedger('bank-a');
    return new FormatExports(steps, sealing, exports, consents);
  }

  async stop(): Promise<void> {
    rmSync(this.work, { recursive: true });
    await this.steps.stop();
  }

  /** As an order writes it. */
  async exported(format: ExportFormat): Promise<Map<string, Buffer>> {
    const words = { from: '2026-01-01', to: '2027-01-01', purpose: 'audit', bank: 'bank-a' };
    const request = { ...parseExportRequest(words, 'operator:eva'), format };
    const out = new PassThrough();
    this.consents.lines.length = 0;
    const [zip] = await Promise.all([buffer(out), this.exports.writeExport(request, out)]);
    const files = new Map(await unzip(zip));
    return format === 'jsonl' ? this.listed(files, 'evidence.jsonl', Buffer.concat(this.consents.lines)) : files;
  }

  /** Writes a file at the top, or removes it, and makes manifest and seal fit. */
  async listed(
    files: ReadonlyMap<string, Buffer>,
    name: string,
    bytes: Buffer | undefined,
    change: object = {},
  ): Promise<Map<string, Buffer>> {
    const copy = new Map(files);
    const manifest = JSON.parse(String(copy.get('manifest.json'))) as { readonly files: Record<string, string> };
    copy.delete(name);
    Reflect.deleteProperty(manifest.files, name);
    if (bytes) manifest.files[name] = sha256(copy.set(name, bytes).get(name)!);
    const said = Buffer.from(JSON.stringify({ ...manifest, ...change }));
    return copy.set('manifest.json', said).set('manifest.p7s', await sealOf(said, this.sealing));
  }

  /** As a ZIP and as a directory, with the checkpoint in the manifest as the one that was kept. */
  async verify(files: ReadonlyMap<string, Buffer>): Promise<Found> {
    this.#count += 1;
    const { ledger } = JSON.parse(String(files.get('manifest.json'))) as {
      readonly ledger: { readonly checkpoint: string };
    };
    writeFileSync(join(this.work, 'kept'), ledger.checkpoint);
    const paths = [
      await writeZip(join(this.work, `${this.#count}.zip`), files),
      await writeFolder(join(this.work, String(this.#count)), files),
    ];
    const found: Found[] = [];
    for (const path of paths) {
      const checkpoint = ['--checkpoint', join(this.work, 'kept')];
      const { code, stdout } = await runCli('verify', path, ...this.trust, ...checkpoint, '--json');
      const { warnings, complete, indication, evidences, signatures } = JSON.parse(stdout) as {
        readonly warnings: readonly string[];
        readonly complete: { readonly state: string };
        readonly indication: unknown;
        readonly evidences: readonly unknown[];
        readonly signatures?: unknown;
      };
      found.push({
        code,
        warnings: warnings.toSorted(),
        complete: complete.state,
        indication,
        evidences: evidences.length,
        signatures,
      });
    }
    expect(found[0]).toEqual(found[1]);
    return found[0]!;
  }

  /** Changes a file of the first folder, or removes it, and makes lists, manifest and seal fit. */
  async forged(
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
    return this.listed(copy, 'folders.sha256', Buffer.from(list.join('\n')));
  }
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
