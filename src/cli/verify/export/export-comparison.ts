import { hash } from 'node:crypto';
import { join } from 'node:path';
import { isJsonObject, type JsonObject } from '../../../kernel/json.ts';
import { formatAmount, type Currency } from '../../../payment/money.ts';
import { type ArchiveWarning, type ArchiveWarningId, FileError } from '../../../evidence-files/file-messages.ts';
import type { LedgerFinding, SealFinding } from '../../../bundle/findings.ts';
import type { BundleTrust } from '../../../bundle/trust.ts';
import { verifyDetachedSeal, type SealTrust } from '../../../bundle/verify-seal.ts';
import { findObject } from '../../../crypto/json/canonical-json.ts';
import {
  besideEvidence,
  BUNDLE_FILE,
  EVIDENCE_LINES,
  FOLDER_LIST,
  FOLDER_NOTES,
  isExportFolder,
  MANIFEST_SEAL,
} from '../../../evidence-files/evidence-folder.ts';
import { LEDGER_LINES, LEDGER_RANGE } from '../../../evidence-files/ledger-lines.ts';
import { listNames, readRegularFile } from '../files/directory-files.ts';
import type { Completeness } from './completeness.ts';
import { readEvidenceLines } from './evidence-lines.ts';
import { ExportIndex } from './export-index.ts';
import { compareLedger, type ComparedLedger } from './ledger-comparison.ts';
import type { Plan } from '../units/plan.ts';
import type { UnitResult } from '../units/unit.ts';
import { sizeLimit } from '../files/zip-files.ts';

type ArchivePlan = Extract<Plan, { readonly kind: 'zip' | 'directory' }>;

/** What came of it. */
export interface Comparison {
  /** The differences. */
  readonly problems: readonly ArchiveWarning[];
  /** Undefined for what is no export. */
  readonly seal?: SealFinding;
  /** Of the checkpoint in the manifest. */
  readonly ledger?: LedgerFinding;
  readonly complete?: Completeness;
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
  readonly #amounts = new Map<Currency, bigint>();
  readonly #environments = new Map<string, string>();
  readonly #consents = new Set<string>();
  /** Of each folder the evidence digest, unless it is not what was signed. */
  readonly #digests = new Map<string, string | undefined>();
  readonly #index: ExportIndex | undefined;
  #isWhole = true;
  /** Whether its folders hold no evidence by its format. */
  #isBare = false;

  constructor(private readonly plan: ArchivePlan) {
    const index = plan.isExport ? this.#readTop('index.csv') : undefined;
    this.#index = index && ExportIndex.parse(index);
    if (index && !this.#index) this.#problem('index.malformed');
  }

  /** Adds a folder when it has been verified. */
  add({ name, sums, exported, unsound = [] }: UnitResult): void {
    if (!this.plan.isExport) return;
    for (const [file, sum] of sums ?? []) this.#folderSums.set(`${name}/${file}`, sum);
    this.#problems.push(...(this.#index?.compare(name, exported) ?? []));
    for (const file of unsound) this.#problem('audit.chain-broken', `${name}/${file}`);
    this.#digests.set(name, exported?.evidenceDigest);
    if (!exported) {
      this.#isWhole = false;
      return;
    }
    const { consentId, amount, environment } = exported;
    if (!isExportFolder(name, consentId)) this.#problem('folder.name-differs', name);
    if (this.#consents.has(consentId)) this.#problem('folder.consent-twice', name);
    this.#consents.add(consentId);
    this.#environments.set(environment, name);
    this.#amounts.set(amount.currency, (this.#amounts.get(amount.currency) ?? 0n) + amount.amountMinor);
  }

  /** @param trust whose seals, timestamps and checkpoints are trusted */
  async finish(trust: Pick<BundleTrust, 'seal' | 'ledger'>): Promise<Comparison> {
    if (!this.plan.isExport) {
      for (const file of strangersOf(this.plan)) this.#problem('archive.foreign-file', file);
      return { problems: this.#problems };
    }
    const bytes = this.#readTop('manifest.json');
    const manifest = bytes && findManifest(bytes);
    this.#isBare = withoutFolders.some((format) => format === manifest?.['format']);
    if (!this.#has('index.csv')) this.#problem('index.missing');
    this.#compareSheet();
    for (const folder of emptiedFolders(this.plan)) {
      if (this.#isBare) this.#addBare(folder);
      else this.#problem('folder.without-evidence', folder);
    }
    // Evidence in some folders would speak for those that have none.
    for (const folder of this.#isBare ? this.plan.folders : []) this.#problem('folder.evidence-unexpected', folder);
    if (manifest?.['format'] === 'jsonl') this.#addLines();
    this.#problems.push(...(this.#index?.rest() ?? []));
    if (manifest) this.#compareManifest(manifest, manifest.files);
    else this.#problem('manifest.missing-or-malformed');
    const seal = this.#judgeSeal(bytes, trust.seal);
    const around = manifest ? await this.#compareLedger(manifest, trust.ledger) : UNKNOWN_LEDGER;
    return { problems: this.#problems, seal, ...around };
  }

  /** A folder with papers alone, whose evidence digest is in the index. */
  #addBare(folder: string): void {
    const { plan } = this;
    const names =
      plan.kind === 'zip' ? [...(plan.zip.folders.get(folder)?.keys() ?? [])] : listNames(join(plan.path, folder));
    const files = names.map((name) => [name, this.#read(folder, name)] as const);
    const sums = files.flatMap(([name, bytes]) => (bytes ? [[name, hash('sha256', bytes, 'hex')] as const] : []));
    this.add({ name: folder, report: undefined, reason: undefined, sums: new Map(sums) });
    this.#digests.set(folder, this.#index?.digestOf(folder));
  }

  /** The evidence of an export whose folders have none. */
  #addLines(): void {
    const { problems, digests } = readEvidenceLines(this.#readTop(EVIDENCE_LINES), this.#digests.keys());
    this.#problems.push(...problems);
    for (const folder of this.#digests.keys()) {
      const digest = digests.get(folder);
      if (digest !== undefined && digest !== this.#digests.get(folder))
        this.#problem('index.row-differs', `${folder} (evidence_digest)`);
      this.#digests.set(folder, digest);
    }
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
    for (const [environment, folder] of this.#environments) {
      if (manifest['environment'] !== environment) this.#problem('manifest.environment-differs', folder);
    }
    // The amount of a refused folder is unknown.
    if (this.#isWhole && !this.#isSumOf(manifest['sums'])) this.#problem('manifest.sums-differ');
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

  #isSumOf(sums: unknown): boolean {
    if (!isJsonObject(sums) || Object.keys(sums).length !== this.#amounts.size) return false;
    return [...this.#amounts].every(
      ([currency, amountMinor]) => sums[currency] === formatAmount({ currency, amountMinor }),
    );
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
      const bytes = this.#read('', name);
      if (bytes) sums.set(name, hash('sha256', bytes, 'hex'));
    }
    return sums;
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

/** Undefined for what is not the manifest of an export. */
function findManifest(bytes: Buffer): (JsonObject & { readonly files: JsonObject }) | undefined {
  const manifest = findObject(bytes);
  const files = manifest?.['files'];
  const isManifest = manifest?.['type'] === 'sigill-export' && manifest['v'] === 2;
  return manifest && isManifest && isJsonObject(files) ? { ...manifest, files } : undefined;
}

/** Names of files beside the folders. */
function topFiles(plan: ArchivePlan): readonly string[] {
  return plan.kind === 'zip' ? [...(plan.zip.folders.get('')?.keys() ?? [])] : plan.files;
}

/** The sums of the folders' files; undefined for what is not a list as Sigill writes it. */
function findFolderList(bytes: Buffer): Map<string, string> | undefined {
  const lines = bytes.toString('latin1').split('\n');
  const listed = new Map<string, string>();
  if (lines.pop() !== '') return undefined;
  for (const line of lines) {
    const [, sum = '', path = '', file = ''] =
      /^([0-9a-f]{64}) {2}([A-Za-z0-9._-]+\/([A-Za-z0-9.-]+))$/.exec(line) ?? [];
    const isListed = [FOLDER_NOTES, BUNDLE_FILE, ...besideEvidence].includes(file);
    if (!isListed || listed.has(path)) return undefined;
    listed.set(path, sum);
  }
  return listed;
}

/** Folders of an export without a signature. */
function emptiedFolders(plan: ArchivePlan): readonly string[] {
  if (plan.kind === 'directory') return plan.others;
  const verified = new Set(plan.folders);
  return [...plan.zip.folders.keys()].filter((folder) => folder !== '' && !verified.has(folder));
}

/** Other files in a ZIP of one evidence folder. */
function strangersOf(plan: ArchivePlan): readonly string[] {
  if (plan.kind === 'directory') return [];
  const others = [...plan.zip.folders].filter(([folder]) => folder !== plan.folders[0]);
  return others.flatMap(([folder, members]) =>
    members.size === 0 ? [`${folder}/`] : [...members.keys()].map((name) => join(folder, name)),
  );
}
