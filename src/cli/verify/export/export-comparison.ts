import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { JsonObject } from '../../../kernel/json.ts';
import { type ArchiveWarning, type ArchiveWarningId, FileError } from '../../../evidence-files/file-messages.ts';
import type { LedgerFinding, SealFinding } from '../../../bundle/findings.ts';
import type { BundleTrust } from '../../../bundle/trust.ts';
import { verifyDetachedSeal, type SealTrust } from '../../../bundle/verify-seal.ts';
import {
  besideEvidence,
  BUNDLE_FILE,
  consentIn,
  EVIDENCE_LINES,
  FOLDER_LIST,
  FOLDER_NOTES,
  isExportFolder,
  MANIFEST_SEAL,
} from '../../../evidence-files/evidence-folder.ts';
import { LEDGER_LINES, LEDGER_RANGE } from '../../../evidence-files/ledger-lines.ts';
import { listNames, readRegularFile } from '../files/directory-files.ts';
import type { Completeness } from './completeness.ts';
import { emptiedFolders, hasLines, strangersOf, topFiles, type ArchivePlan } from '../units/archive-files.ts';
import { findFolderList, findManifest } from './export-lists.ts';
import { EvidenceLines } from './evidence-lines.ts';
import { ExportIndex } from './export-index.ts';
import { SignedTotals } from './signed-totals.ts';
import { compareLedger, type ComparedLedger } from './ledger-comparison.ts';
import { AUDIT_LINES, isWholeChain } from '../units/audit-lines.ts';
import { inFolder, type ExportedFacts } from '../units/exported-facts.ts';
import type { UnitResult } from '../units/unit.ts';
import { sizeLimit } from '../files/zip-files.ts';

/** What came of it. */
export interface Comparison {
  /** The differences. */
  readonly problems: readonly ArchiveWarning[];
  /** Undefined for what is no export. */
  readonly seal?: SealFinding;
  /** Of the checkpoint in the manifest. */
  readonly ledger?: LedgerFinding;
  readonly complete?: Completeness;
  /** The format of the export, by its manifest. */
  readonly format?: string;
}

/** Without a manifest nothing is said of the ledger. */
const UNKNOWN_LEDGER = { ledger: { state: 'none' }, complete: { state: 'unsound' } } as const;

/** Formats of exports whose folders hold papers alone. */
const withoutFolders = ['list', 'jsonl'] as const;

const SEAL_FILES: readonly string[] = ['manifest.json', MANIFEST_SEAL];

/**
 * Compares the parts of an export that repeat each other: folders, index.csv, manifest and seal. Sums and lines are collected
 * while folders are verified; the folders themselves are not kept.
 */
export class ExportComparison {
  readonly #problems: ArchiveWarning[] = [];
  /** Of each folder the sum of its VERIFY.txt, which covers the evidence with the verdict on it, and of each file beside the evidence. */
  readonly #folderSums = new Map<string, string>();
  readonly #totals = new SignedTotals();
  readonly #consents = new Set<string>();
  /** Of each folder the evidence digest, unless it is not what was signed. */
  readonly #digests = new Map<string, string | undefined>();
  readonly #index: ExportIndex | undefined;
  #format: unknown;
  /** The evidence that is not in folders; undefined if there is no such file. */
  readonly lines: EvidenceLines | undefined;

  constructor(private readonly plan: ArchivePlan) {
    const index = plan.isExport ? this.#readTop('index.csv') : undefined;
    this.#index = index && ExportIndex.parse(index);
    this.lines = hasLines(plan) ? new EvidenceLines(plan) : undefined;
    if (index && !this.#index) this.#problem('index.malformed');
  }

  /** Adds a folder when it has been verified. */
  add({ name, sums, exported, unsound = [] }: UnitResult): void {
    if (!this.plan.isExport) return;
    for (const [file, sum] of sums ?? []) this.#folderSums.set(`${name}/${file}`, sum);
    for (const file of unsound) this.#problem('audit.chain-broken', `${name}/${file}`);
    this.#addFacts(name, exported);
  }

  /** Adds a line of evidence.jsonl when it has been verified. @returns it under the name of its folder, if it has one */
  addLine(result: UnitResult): UnitResult {
    const folder = this.lines?.folderOf(result, (name) => this.#index?.placeOf(name));
    if (folder !== undefined && result.exported) {
      const exported = inFolder(result.exported, folder);
      this.#addFacts(folder, exported);
      return { ...result, name: folder, exported };
    }
    this.#totals.addUnknown();
    return result;
  }

  #addFacts(name: string, exported: ExportedFacts | undefined): void {
    this.#problems.push(...(this.#index?.compare(name, exported) ?? []));
    this.#digests.set(name, exported?.evidenceDigest);
    if (!exported) {
      this.#totals.addUnknown();
      return;
    }
    const { consentId, amount, environment } = exported;
    if (!isExportFolder(name, consentId)) this.#problem('folder.name-differs', name);
    if (this.#consents.has(consentId)) this.#problem('folder.consent-twice', name);
    this.#consents.add(consentId);
    this.#totals.add(name, environment, amount);
  }

  /** @param trust whose seals, timestamps and checkpoints are trusted */
  async finish(trust: Pick<BundleTrust, 'seal' | 'ledger'>): Promise<Comparison> {
    if (!this.plan.isExport) {
      for (const file of strangersOf(this.plan)) this.#problem('archive.foreign-file', file);
      return { problems: this.#problems };
    }
    const bytes = this.#readTop('manifest.json');
    const manifest = bytes && findManifest(bytes);
    this.#format = manifest?.['format'];
    this.#compareLines();
    if (!this.#has('index.csv')) this.#problem('index.missing');
    this.#compareSheet();
    for (const folder of emptiedFolders(this.plan)) {
      if (this.#isBare) this.#addBare(folder);
      else this.#problem('folder.without-evidence', folder);
    }
    // Evidence in some folders would speak for those that have none.
    for (const folder of this.#isBare ? this.plan.folders : []) this.#problem('folder.evidence-unexpected', folder);
    this.#problems.push(...(this.#index?.rest() ?? []));
    if (manifest) this.#compareManifest(manifest, manifest.files);
    else this.#problem('manifest.missing-or-malformed');
    const seal = this.#judgeSeal(bytes, trust.seal);
    const around = manifest ? await this.#compareLedger(manifest, trust.ledger) : UNKNOWN_LEDGER;
    const format = typeof this.#format === 'string' ? { format: this.#format } : {};
    return { problems: this.#problems, seal, ...around, ...format };
  }

  /** Whether its folders hold no evidence by its format. */
  get #isBare(): boolean {
    return withoutFolders.some((format) => format === this.#format);
  }

  /** Evidence is in lines where the format says so, and nowhere else. */
  #compareLines(): void {
    this.#problems.push(...(this.lines?.problems ?? []));
    if (this.#format !== 'jsonl') {
      if (this.lines) this.#problem('lines.unexpected', EVIDENCE_LINES);
      return;
    }
    for (const folder of emptiedFolders(this.plan))
      if (this.lines?.has(folder) !== true) this.#problem('lines.missing', folder);
  }

  /** A folder with papers alone. Where its evidence is in no line either, the index alone says what was signed. */
  #addBare(folder: string): void {
    const { plan } = this;
    const names =
      plan.kind === 'zip' ? [...(plan.zip.folders.get(folder)?.keys() ?? [])] : listNames(join(plan.path, folder));
    const files = names.map((name) => [name, this.#read(folder, name)] as const);
    const sums = files.flatMap(([name, bytes]) => (bytes ? [[name, hash('sha256', bytes, 'hex')] as const] : []));
    for (const [name, sum] of sums) this.#folderSums.set(`${folder}/${name}`, sum);
    const chain = files.find(([name]) => name === AUDIT_LINES)?.[1];
    if (chain && !isWholeChain(chain, consentIn(folder)))
      this.#problem('audit.chain-broken', `${folder}/${AUDIT_LINES}`);
    if (this.lines?.has(folder) === true) return;
    if (this.#format === 'list') this.#addListed(folder);
    else this.#addFacts(folder, undefined);
  }

  #addListed(folder: string): void {
    this.#problems.push(...(this.#index?.compare(folder, undefined) ?? []));
    const listed = this.#index?.listed(folder);
    this.#digests.set(folder, listed?.evidenceDigest);
    if (!listed?.amount) {
      this.#totals.addUnknown();
      if (listed) this.#problem('index.row-differs', `${folder} (amount)`);
      return;
    }
    const { consentId, amount, environment } = listed;
    if (!isExportFolder(folder, consentId)) this.#problem('index.row-differs', `${folder} (consent_id)`);
    this.#totals.add(folder, environment, amount);
  }

  #compareSheet(): void {
    const sheet = this.#readTop('index.sv.csv');
    if (!sheet) this.#problem('index.sheet-missing');
    else if (this.#index && !this.#index.isSameAs(sheet)) this.#problem('index.sheet-differs');
  }

  async #compareLedger(
    manifest: JsonObject,
    trust: BundleTrust['ledger'],
  ): Promise<Pick<ComparedLedger, 'ledger' | 'complete'>> {
    const [lines, range] = [this.#readTop(LEDGER_LINES), this.#readTop(LEDGER_RANGE)];
    const held = { lines, range, folders: this.#digests, index: this.#index };
    const { problems, ...around } = await compareLedger({ manifest, ...held }, trust);
    this.#problems.push(...problems);
    return around;
  }

  #compareManifest(manifest: JsonObject, listed: JsonObject): void {
    this.#compareSums(new Map(Object.entries(listed)), this.#topSums());
    this.#compareFolders();
    const { length } = this.#isBare ? [...this.#digests] : this.plan.folders;
    if (manifest['count'] !== length) this.#problem('manifest.count-differs');
    this.#problems.push(...this.#totals.compare(manifest));
  }

  /** Every folder is in the list and the other way round; one that was emptied is named already. */
  #compareFolders(): void {
    const bytes = this.#readTop(FOLDER_LIST);
    const listed = bytes && findFolderList(bytes);
    if (!listed) {
      this.#problem(bytes ? 'folders.malformed' : 'folders.missing');
      return;
    }
    for (const folder of this.#isBare ? [] : emptiedFolders(this.plan)) {
      for (const file of [FOLDER_NOTES, BUNDLE_FILE, ...besideEvidence]) listed.delete(`${folder}/${file}`);
    }
    this.#compareSums(listed, this.#folderSums);
  }

  /** Every file is listed and the other way round, each with its SHA-256. */
  #compareSums(listed: ReadonlyMap<string, unknown>, found: ReadonlyMap<string, string>): void {
    for (const file of listed.keys()) if (!found.has(file)) this.#problem('manifest.file-missing', file);
    for (const [file, sum] of found) {
      if (!listed.has(file)) this.#problem('manifest.file-not-listed', file);
      else if (listed.get(file) !== sum) this.#problem('manifest.file-changed', file);
    }
  }

  /** An export whose seal is missing or unsound was changed. */
  #judgeSeal(manifest: Buffer | undefined, trust: SealTrust): SealFinding {
    const signature = this.#readTop(MANIFEST_SEAL);
    if (!signature) this.#problem('manifest.seal-missing');
    if (!manifest || !signature) return { state: 'none' };
    const finding = verifyDetachedSeal({ content: manifest, signature, token: undefined }, trust);
    if (finding.state === 'unsound') this.#problem('manifest.seal-invalid');
    return finding;
  }

  /** What stands beside the folders: the index, their list, and what does not belong there. */
  #topSums(): ReadonlyMap<string, string> {
    const sums = new Map<string, string>();
    for (const name of topFiles(this.plan)) {
      if (SEAL_FILES.includes(name)) continue;
      const sum = this.#topSum(name);
      if (sum !== undefined) sums.set(name, sum);
    }
    return sums;
  }

  #topSum(name: string): string | undefined {
    if (name === EVIDENCE_LINES && this.lines) return this.lines.sha256();
    const bytes = this.#read('', name);
    return bytes && hash('sha256', bytes, 'hex');
  }

  #has(name: string): boolean {
    return topFiles(this.plan).includes(name);
  }

  #readTop(name: string): Buffer | undefined {
    return this.#has(name) ? this.#read('', name) : undefined;
  }

  /** A file that cannot be read, or that contradicts its archive, is reported by name. */
  #read(folder: string, name: string): Buffer | undefined {
    const plan = this.plan;
    try {
      if (plan.kind === 'zip') return plan.zip.read(folder, name);
      return readRegularFile(join(plan.path, folder, name), sizeLimit(join(folder, name)));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.#problem('archive.file-refused', join(folder, name));
      return undefined;
    }
  }

  #problem(id: ArchiveWarningId, file?: string): void {
    this.#problems.push(file === undefined ? { id } : { id, file });
  }
}
