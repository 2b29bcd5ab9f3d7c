import { worst, type Outcome } from '../../../bundle/outcome.ts';
import type { Indication, Report } from '../../../verification/report.ts';
import type { ArchiveWarning, FileMessage } from '../../../evidence-files/file-messages.ts';
import { exitCodeOf, exitCodes } from '../files/exit-codes.ts';
import type { LedgerFinding, SealFinding } from '../../../bundle/findings.ts';
import type { Completeness } from './completeness.ts';

export interface FolderReport {
  readonly folder: string;
  readonly report: Report;
}

type Verdict = Pick<Report, 'indication' | 'subIndication' | 'matches'>;

/** The verdict on many: the worst one; absent if there is no evidence. */
export interface ArchiveSummary extends Partial<Verdict> {
  readonly warnings: readonly ArchiveWarning[];
  /** The seal of an export's manifest. */
  readonly seal?: SealFinding;
  /** The checkpoint in an export's manifest, to which the numbers that it answers for lead. */
  readonly ledger?: LedgerFinding;
  readonly complete?: Completeness;
  /** Of an export whose format has no signatures: there is no verdict on any. */
  readonly signatures?: 'none';
  /** What was compared in it. */
  readonly checked?: readonly CheckedPart[];
}

/** What is compared in an export of the format `list`. */
export const checkedOfList = ['seal', 'files', 'indexes', 'sums', 'ledger'] as const;
export type CheckedPart = (typeof checkedOfList)[number];

/** Why a file gets no verdict. */
export interface FileProblem {
  readonly code: FileMessage['message'];
  readonly file: string;
}

export interface ArchiveReport extends Omit<ArchiveSummary, 'warnings'> {
  readonly warnings: readonly string[];
  readonly evidences: readonly FolderReport[];
  /** Files that are not evidence, or cannot be read. They get no verdict. */
  readonly errors?: readonly FileProblem[];
}

const severity: readonly Indication[] = ['TOTAL-PASSED', 'INDETERMINATE', 'TOTAL-FAILED'];

/** Sums up verdicts as they arrive, without keeping them. */
export class Tally {
  #worst: Pick<Report, 'indication' | 'subIndication'> | undefined;
  #isNo = false;
  #outcome: Outcome = 'passed';
  #compared = 0;
  #unreadable = 0;
  #unsigned = 0;
  count = 0;
  refused = 0;

  /** @param outcome of what stands around it */
  add(report: Verdict | undefined, outcome: Outcome = 'passed'): void {
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
    this.#outcome = worst([this.#outcome, outcome]);
    if (exitCodeOf(report, outcome) !== exitCodes.passed) this.refused += 1;
  }

  /** What stands around an export as a whole. */
  addOutcome(outcome: Outcome): void {
    this.#outcome = worst([this.#outcome, outcome]);
  }

  /** A manifest that does not match. */
  addProblems(problems: readonly ArchiveWarning[]): void {
    if (problems.length > 0) this.#isNo = true;
  }

  /** An export that holds no signatures by its format: what stands around it decides alone. */
  addUnsigned(): void {
    this.#unsigned += 1;
  }

  /** Whether there was no evidence because the exports have none by their format. */
  get isUnsigned(): boolean {
    return this.count === 0 && this.#unsigned > 0;
  }

  /** Undefined if there was no evidence. */
  get verdict(): Verdict | undefined {
    if (!this.#worst) return undefined;
    const { indication, subIndication } = this.#worst;
    const isYes = this.#compared === this.count;
    return { indication, subIndication, matches: this.#isNo ? 'no' : isYes ? 'yes' : 'not-compared' };
  }

  /** The exit code of the worst: refused, then unreadable, then undecided. */
  get exitCode(): number {
    // Files without evidence get no verdict at all, not even "does not match"; an export that holds none can contradict itself.
    const code = this.verdict ? exitCodeOf(this.verdict, this.#outcome) : this.#codeWithoutVerdict();
    return code !== exitCodes.failed && this.#unreadable > 0 ? exitCodes.noInput : code;
  }

  #codeWithoutVerdict(): number {
    if (this.#unreadable > 0) return exitCodes.noInput;
    if (this.#isNo || this.#outcome === 'failed') return exitCodes.failed;
    if (!this.isUnsigned) return exitCodes.noInput;
    return this.#outcome === 'passed' ? exitCodes.passed : exitCodes.indeterminate;
  }
}
