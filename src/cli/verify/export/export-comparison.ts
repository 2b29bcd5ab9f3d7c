import { hash } from 'node:crypto';
import { join } from 'node:path';
import { isJsonObject, type JsonObject } from '../../../kernel/json.ts';
import { formatAmount, type Currency } from '../../../payment/money.ts';
import { type ArchiveWarning, type ArchiveWarningId, FileError } from '../../../evidence-files/file-messages.ts';
import { findObject } from '../../../crypto/json/canonical-json.ts';
import { listDirectory, readRegularFile } from '../files/directory-files.ts';
import { ExportIndex } from './export-index.ts';
import { verifySeal, type Seal } from './manifest-seal.ts';
import type { Plan } from '../units/plan.ts';

import type { UnitResult } from '../units/unit.ts';
import { sizeLimit } from '../files/zip-files.ts';

type ArchivePlan = Extract<Plan, { readonly kind: 'zip' | 'directory' }>;

interface Comparison {
  /** The differences. */
  readonly problems: readonly ArchiveWarning[];
  readonly notes: readonly ArchiveWarning[];
  readonly seal?: Seal;
}

const SEAL_FILES: readonly string[] = ['manifest.json', 'manifest.jws'];

/**
 * Compares the parts of an export that repeat each other: folders, index.csv, manifest and seal. Sums and lines are collected
 * while folders are verified; the folders themselves are not kept.
 */
export class ExportComparison {
  readonly #problems: ArchiveWarning[] = [];
  readonly #fileSums = new Map<string, string>();
  readonly #amounts = new Map<Currency, bigint>();
  readonly #environments = new Map<string, string>();
  readonly #consents = new Set<string>();
  readonly #index: ExportIndex | undefined;
  #isWhole = true;

  constructor(private readonly plan: ArchivePlan) {
    const index = plan.isExport ? this.#readTop('index.csv') : undefined;
    this.#index = index && ExportIndex.parse(index);
    if (index && !this.#index) this.#problem('index.malformed');
  }

  /** Adds a folder when it has been verified. */
  add({ name, sums, exported }: UnitResult): void {
    if (!this.plan.isExport) return;
    for (const [path, sum] of sums) this.#fileSums.set(path, sum);
    this.#problems.push(...(this.#index?.compare(name, exported) ?? []));
    if (!exported) {
      this.#isWhole = false;
      return;
    }
    const { consentId, amount, environment } = exported;
    if (name !== consentId) this.#problem('folder.name-differs', name);
    if (this.#consents.has(consentId)) this.#problem('folder.consent-twice', name);
    this.#consents.add(consentId);
    this.#environments.set(environment, name);
    this.#amounts.set(amount.currency, (this.#amounts.get(amount.currency) ?? 0n) + amount.amountMinor);
  }

  /** @param trusted thumbprints of the keys that must have sealed */
  async finish(trusted: ReadonlySet<string> | undefined): Promise<Comparison> {
    if (!this.plan.isExport) {
      for (const file of strangersOf(this.plan)) this.#problem('archive.foreign-file', file);
      if (trusted) this.#problem('manifest.missing-or-malformed');
      return { problems: this.#problems, notes: [] };
    }
    if (!this.#has('index.csv')) this.#problem('index.missing');
    this.#problems.push(...(this.#index?.rest() ?? []));
    for (const folder of emptiedFolders(this.plan)) this.#problem('folder.without-evidence', folder);
    const bytes = this.#readTop('manifest.json');
    if (bytes) this.#compareManifest(findObject(bytes));
    else this.#problem('manifest.missing-or-malformed');
    return this.#judgeSeal(bytes, trusted);
  }

  #compareManifest(manifest: JsonObject | undefined): void {
    const listed = manifest?.['files'];
    if (!manifest || !isJsonObject(listed) || manifest['type'] !== 'sigill-export' || manifest['v'] !== 1) {
      this.#problem('manifest.missing-or-malformed');
      return;
    }
    this.#addOtherSums();
    this.#compareFiles(listed);
    if (manifest['count'] !== this.plan.folders.length) this.#problem('manifest.count-differs');
    for (const [environment, folder] of this.#environments) {
      if (manifest['environment'] !== environment) this.#problem('manifest.environment-differs', folder);
    }
    // The amount of a refused folder is unknown.
    if (this.#isWhole && !this.#isSumOf(manifest['sums'])) this.#problem('manifest.sums-differ');
  }

  /** The manifest lists exactly the files of the export, each with its SHA-256. */
  #compareFiles(listed: JsonObject): void {
    for (const file of Object.keys(listed)) if (!this.#fileSums.has(file)) this.#problem('manifest.file-missing', file);
    for (const [file, sum] of this.#fileSums) {
      const wanted = Object.hasOwn(listed, file) ? listed[file] : undefined;
      if (wanted === undefined) this.#problem('manifest.file-not-listed', file);
      else if (wanted !== sum) this.#problem('manifest.file-changed', file);
    }
  }

  #isSumOf(sums: unknown): boolean {
    if (!isJsonObject(sums) || Object.keys(sums).length !== this.#amounts.size) return false;
    return [...this.#amounts].every(
      ([currency, amountMinor]) => sums[currency] === formatAmount({ currency, amountMinor }),
    );
  }

  /** An export without a valid seal was changed. Without `--seal-key`, a valid seal only says that one key sealed all of it. */
  async #judgeSeal(manifest: Buffer | undefined, trusted: ReadonlySet<string> | undefined): Promise<Comparison> {
    const jws = this.#readTop('manifest.jws');
    if (!jws) this.#problem('manifest.seal-missing');
    if (!manifest) return { problems: this.#problems, notes: [] };
    const seal = await verifySeal(manifest, jws, trusted);
    if (seal.status === 'invalid') this.#problem('manifest.seal-invalid');
    if (seal.key === 'unknown') this.#problem('manifest.seal-key-unknown');
    const isOpen = seal.status === 'valid' && seal.key === 'not-compared';
    return { problems: this.#problems, notes: isOpen ? [{ id: 'manifest.seal-key-not-compared' }] : [], seal };
  }

  /** Files outside the evidence folders: the index, and files that do not belong there. */
  #addOtherSums(): void {
    for (const [folder, names] of otherFiles(this.plan)) {
      for (const name of names) {
        const path = join(folder, name);
        if (this.#fileSums.has(path) || SEAL_FILES.includes(path)) continue;
        const bytes = this.#read(folder, name);
        if (bytes) this.#fileSums.set(path, hash('sha256', bytes, 'hex'));
      }
    }
  }

  #has(name: string): boolean {
    const plan = this.plan;
    return plan.kind === 'zip' ? plan.zip.folders.get('')?.has(name) === true : plan.files.includes(name);
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

/** Names of files by folder, except the folders of evidence. */
function otherFiles(plan: ArchivePlan): readonly (readonly [folder: string, names: readonly string[]])[] {
  if (plan.kind === 'zip') {
    const verified = new Set(plan.folders.filter((folder) => folder !== ''));
    return [...plan.zip.folders]
      .filter(([folder]) => !verified.has(folder))
      .map(([folder, members]) => [folder, [...members.keys()]]);
  }
  const namesIn = (folder: string): readonly string[] => listDirectory(join(plan.path, folder)).files;
  return [['', plan.files], ...plan.others.map((folder) => [folder, namesIn(folder)] as const)];
}

/** Folders of an export without a signature. */
function emptiedFolders(plan: ArchivePlan): readonly string[] {
  if (plan.kind === 'directory') return plan.others;
  return [...plan.zip.folders.keys()].filter((folder) => folder !== '' && !plan.folders.includes(folder));
}

/** Other files in a ZIP of one evidence folder. */
function strangersOf(plan: ArchivePlan): readonly string[] {
  if (plan.kind === 'directory') return [];
  const others = [...plan.zip.folders].filter(([folder]) => folder !== plan.folders[0]);
  return others.flatMap(([folder, members]) =>
    members.size === 0 ? [`${folder}/`] : [...members.keys()].map((name) => join(folder, name)),
  );
}
