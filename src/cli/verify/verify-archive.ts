import { join } from 'node:path';
import type { Indication, Report } from '../../verification/report.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import type { ArchiveWarning } from '../../verifying/archive-warnings.ts';
import type { FileMessage } from '../../verifying/file-messages.ts';
import { findObject } from '../../verifying/folder-checks.ts';
import { readDirectory, readRegularFile } from './directory-files.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { verifySeal, type Seal } from './manifest-seal.ts';
import type { Plan } from './plan.ts';
import { sha256, type UnitResult } from './unit.ts';
import { sizeLimit } from './zip-files.ts';

export interface FolderReport {
  readonly folder: string;
  readonly report: Report;
}

type Verdict = Pick<Report, 'indication' | 'subIndication' | 'matches'>;

/** The verdict on many: the worst of each; none where none of them is evidence. */
export interface ArchiveSummary extends Partial<Verdict> {
  readonly warnings: readonly ArchiveWarning[];
  /** The seal of an export's manifest. */
  readonly seal?: Seal;
}

/** Why a file gets no verdict. */
export interface FileProblem {
  readonly code: FileMessage['message'];
  readonly file: string;
}

export interface ArchiveReport extends Omit<ArchiveSummary, 'warnings'> {
  readonly warnings: readonly string[];
  readonly evidences: readonly FolderReport[];
  /** What is no evidence, or cannot be read; nothing is said about whether it is genuine. */
  readonly errors?: readonly FileProblem[];
}

type ArchivePlan = Extract<Plan, { readonly kind: 'zip' | 'directory' }>;

const SEAL_FILES: readonly string[] = ['manifest.json', 'manifest.jws'];
const severity: readonly Indication[] = ['TOTAL-PASSED', 'INDETERMINATE', 'TOTAL-FAILED'];

/** Adds up verdicts as they come, and holds none of them. */
export class Tally {
  #worst: Pick<Report, 'indication' | 'subIndication'> | undefined;
  #isNo = false;
  #compared = 0;
  #unreadable = 0;
  count = 0;
  refused = 0;

  add(report: Verdict | undefined): void {
    this.count += 1;
    if (!report) {
      this.#unreadable += 1;
      this.refused += 1;
      return;
    }
    const { indication, matches } = report;
    if (!this.#worst || severity.indexOf(indication) > severity.indexOf(this.#worst.indication)) this.#worst = report;
    if (matches === 'no') this.#isNo = true;
    if (matches === 'yes') this.#compared += 1;
    if (exitCodeOf(report) !== exitCodes.passed) this.refused += 1;
  }

  /** A manifest that does not match. */
  addProblems(problems: readonly ArchiveWarning[]): void {
    if (problems.length > 0) this.#isNo = true;
  }

  /** Undefined where nothing was evidence. */
  get verdict(): Verdict | undefined {
    if (!this.#worst) return undefined;
    const { indication, subIndication } = this.#worst;
    const isYes = this.#compared === this.count;
    return { indication, subIndication, matches: this.#isNo ? 'no' : isYes ? 'yes' : 'not-compared' };
  }

  /** By the worst: refused, then unreadable, then undecided. */
  get exitCode(): number {
    // Where nothing is evidence nothing is said of it, not even that it does not match.
    const code = this.verdict ? exitCodeOf(this.verdict) : exitCodes.noInput;
    return code !== exitCodes.failed && this.#unreadable > 0 ? exitCodes.noInput : code;
  }
}

interface Comparison {
  /** What does not match. */
  readonly problems: readonly ArchiveWarning[];
  readonly notes: readonly ArchiveWarning[];
  readonly seal?: Seal;
}

/** Sums of all files but the seal's, gathered while folders are verified, and compared with the manifest at the end. */
export class ManifestComparison {
  readonly #plan: ArchivePlan;
  readonly #sums = new Map<string, string>();

  constructor(plan: ArchivePlan) {
    this.#plan = plan;
  }

  add({ sums }: UnitResult): void {
    for (const [path, sum] of sums) this.#sums.set(path, sum);
  }

  /** @param evidences how many folders there were */
  async finish(evidences: number, trusted: ReadonlySet<string> | undefined): Promise<Comparison> {
    const bytes = readTop(this.#plan, 'manifest.json');
    if (!bytes) {
      // A ZIP of one evidence folder is that folder.
      const isDue = (this.#plan.kind === 'zip' && evidences > 1) || trusted !== undefined;
      return { problems: isDue ? [{ id: 'manifest.missing-or-malformed' }] : [], notes: [] };
    }
    const manifest = findObject(bytes);
    const listed = manifest?.['files'];
    if (!isJsonObject(listed)) return { problems: [{ id: 'manifest.missing-or-malformed' }], notes: [] };
    addOtherSums(this.#plan, this.#sums);
    const seal = await verifySeal(bytes, readTop(this.#plan, 'manifest.jws'), trusted);
    const count = manifest?.['count'] === evidences ? [] : ([{ id: 'manifest.count-differs' }] as const);
    return {
      problems: [...this.#compare(listed), ...count, ...sealProblems(seal, trusted)],
      notes: sealNotes(seal, trusted),
      seal,
    };
  }

  /** Every file is in the manifest and the other way round, each with its SHA-256. */
  #compare(listed: JsonObject): readonly ArchiveWarning[] {
    const missing = Object.keys(listed).filter((path) => !this.#sums.has(path));
    const problems: ArchiveWarning[] = missing.map((file) => ({ id: 'manifest.file-missing', file }));
    for (const [file, sum] of this.#sums) {
      const wanted = Object.hasOwn(listed, file) ? listed[file] : undefined;
      if (wanted === undefined) problems.push({ id: 'manifest.file-not-listed', file });
      else if (wanted !== sum) problems.push({ id: 'manifest.file-changed', file });
    }
    return problems;
  }
}

/** An export whose seal is broken was changed; without `--seal-key` a sound one says only that one key sealed all of it. */
function sealProblems({ status, key }: Seal, trusted: ReadonlySet<string> | undefined): readonly ArchiveWarning[] {
  if (status === 'invalid') return [{ id: 'manifest.seal-invalid' }];
  if (status === 'missing') return trusted ? [{ id: 'manifest.seal-missing' }] : [];
  return key === 'unknown' ? [{ id: 'manifest.seal-key-unknown' }] : [];
}

function sealNotes({ status, key }: Seal, trusted: ReadonlySet<string> | undefined): readonly ArchiveWarning[] {
  if (status === 'missing') return trusted ? [] : [{ id: 'manifest.seal-missing' }];
  return status === 'valid' && key === 'not-compared' ? [{ id: 'manifest.seal-key-not-compared' }] : [];
}

function readTop(plan: ArchivePlan, name: string): Buffer | undefined {
  if (plan.kind === 'zip') return plan.zip.read('', name);
  return plan.files.includes(name) ? readRegularFile(join(plan.path, name), sizeLimit(name)) : undefined;
}

/** What stands outside the evidence folders: the index, and whatever does not belong there. */
function addOtherSums(plan: ArchivePlan, sums: Map<string, string>): void {
  if (plan.kind === 'zip') {
    const verified = new Set(plan.folders);
    for (const [folder, members] of plan.zip.folders) {
      if (folder !== '' && verified.has(folder)) continue;
      for (const name of members.keys()) {
        const path = join(folder, name);
        const bytes = sums.has(path) || SEAL_FILES.includes(path) ? undefined : plan.zip.read(folder, name);
        if (bytes) sums.set(path, sha256(bytes));
      }
    }
    return;
  }
  const names = plan.files.filter((name) => !sums.has(name) && !SEAL_FILES.includes(name));
  for (const name of names) sums.set(name, sha256(readRegularFile(join(plan.path, name), sizeLimit(name))));
  for (const folder of plan.others) {
    for (const [name, bytes] of readDirectory(join(plan.path, folder))) sums.set(`${folder}/${name}`, sha256(bytes));
  }
}
