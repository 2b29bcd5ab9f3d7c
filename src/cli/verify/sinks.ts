import { basename } from 'node:path';
import { render } from '../../verification/messages.ts';
import type { Report } from '../../verification/report.ts';
import { formatArchiveWarning, type FileMessage } from '../../evidence-files/file-messages.ts';
import { clean, explainArchiveWarning, formatLine } from '../../evidence-files/report-text.ts';
import { describeFindings, formatFinding } from '../../bundle/describe-findings.ts';
import type { EvidenceReport } from '../../bundle/findings.ts';
import { findingPhrases } from '../../bundle/finding-phrases.ts';
import { languages, type ReportPhrases } from '../../evidence-files/report-phrases.ts';
import type { JsonReport, UnitResult } from './units/unit.ts';
import { formatCompleteness, unsignedPhrases } from './export/completeness-phrases.ts';
import type { ArchiveReport, ArchiveSummary, FileProblem, FolderReport } from './export/verify-archive.ts';
import type { Sink } from './verify-paths.ts';

const SHOWN = 5;

/** Messages on stderr in addition to the reports, each with its file. */
class Notices {
  constructor(private readonly phrases: ReportPhrases) {}

  /** Why there is no verdict. Errors of the system name their file themselves. */
  refusal(path: string, { name, reason }: UnitResult): void {
    if (reason) this.#print(reason.message === 'file.unreadable' ? undefined : labelOf(path, name), reason);
  }

  /** Names files that were ignored, so that a reader who counts files finds them all. */
  leftAlone(path: string, names: readonly string[]): void {
    const parameters = { files: names.slice(0, SHOWN), count: names.length };
    this.#print(path, { message: 'directory.left-alone', parameters });
  }

  #print(where: string | undefined, reason: FileMessage): void {
    const sentence = clean(render(this.phrases.fileMessages, reason));
    process.stderr.write(`sigill: ${where === undefined ? '' : `${clean(where)}: `}${sentence}\n`);
  }
}

type Verdict = Pick<Report, 'indication' | 'subIndication' | 'matches'>;

/** One JSON document per line, as results arrive: for an evidence, or for an export as a whole. */
export class LineSink implements Sink {
  readonly #notices: Notices;

  constructor(phrases: ReportPhrases) {
    this.#notices = new Notices(phrases);
  }

  evidence(path: string, result: UnitResult): void {
    this.#notices.refusal(path, result);
    const { name, report } = result;
    const head = JSON.stringify({ file: path, folder: name === '' ? null : name });
    const rest = !report
      ? JSON.stringify({ error: problemOf(path, result) })
      : 'json' in report
        ? report.json
        : JSON.stringify(report);
    process.stdout.write(`${head.slice(0, -1)},${rest.slice(1)}\n`);
  }

  leftAlone(path: string, names: readonly string[]): void {
    this.#notices.leftAlone(path, names);
  }

  archive(path: string, count: number, summary: ArchiveSummary): void {
    if (summary.seal === undefined && summary.warnings.length === 0) return;
    const warnings = summary.warnings.map(formatArchiveWarning);
    process.stdout.write(`${JSON.stringify({ file: path, folder: null, evidences: count, ...summary, warnings })}\n`);
  }
}

/** Keeps whole reports, for one JSON document or the report of a single evidence. */
export class ReportSink implements Sink {
  readonly evidences: FolderReport[] = [];
  readonly errors: FileProblem[] = [];
  readonly warnings: string[] = [];
  #around: Omit<ArchiveSummary, 'warnings' | keyof Verdict> = {};
  readonly #notices: Notices;

  constructor(
    private readonly several: boolean,
    phrases: ReportPhrases,
  ) {
    this.#notices = new Notices(phrases);
  }

  evidence(path: string, result: UnitResult): void {
    this.#notices.refusal(path, result);
    const { name, report } = result;
    const folder = this.several ? labelOf(path, name) : name;
    if (report) this.evidences.push({ folder, report: wholeReport(report) });
    else this.errors.push(problemOf(path, result));
  }

  leftAlone(path: string, names: readonly string[]): void {
    this.#notices.leftAlone(path, names);
  }

  archive(path: string, _count: number, summary: ArchiveSummary): void {
    const { warnings, seal, ledger, complete, signatures, checked } = summary;
    const named = warnings.map(formatArchiveWarning);
    this.warnings.push(...(this.several ? named.map((warning) => `${path}: ${warning}`) : named));
    if (this.several || !seal || !ledger || !complete) return;
    this.#around = { seal, ledger, complete, ...(signatures && checked && { signatures, checked }) };
  }

  whole(verdict: Partial<Verdict> = {}): ArchiveReport {
    const { evidences, errors, warnings } = this;
    return { ...verdict, warnings, ...this.#around, evidences, ...(errors.length > 0 ? { errors } : {}) };
  }
}

/** Keeps one line of text per evidence: a hundred thousand reports would not fit in memory. */
export class TextSink implements Sink {
  readonly lines: string[] = [];
  readonly seals: string[] = [];
  readonly warnings: string[] = [];
  /** Whether an export among them holds no signatures by its format. */
  isUnsigned = false;
  /** How many bundles have something around them that is shown to be wrong. */
  unsound = 0;
  readonly environments = new Set<Report['environment']>();
  readonly #notices: Notices;

  constructor(
    private readonly several: boolean,
    private readonly language: keyof typeof languages,
  ) {
    this.#notices = new Notices(this.#phrases);
  }

  get #phrases(): ReportPhrases {
    return languages[this.language];
  }

  evidence(path: string, result: UnitResult): void {
    this.#notices.refusal(path, result);
    const label = this.several ? labelOf(path, result.name) : result.name || path;
    const report = result.report && wholeReport(result.report);
    if (report) this.environments.add(report.environment);
    this.lines.push(`${formatLine(label, report, result.reason, this.#phrases)}${this.#around(report)}`);
  }

  /** Of a bundle, what vouches for it, on a line of its own. */
  #around(report: Report | undefined): string {
    if (!isAboutBundle(report)) return '';
    const rows = describeFindings(report, findingPhrases[this.language]);
    if (rows.some(({ mark }) => mark === 'bad')) this.unsound += 1;
    return `\n      ${rows.map(({ label, state }) => `${label}: ${state}`).join(', ')}`;
  }

  leftAlone(path: string, names: readonly string[]): void {
    this.#notices.leftAlone(path, names);
  }

  archive(path: string, _count: number, summary: ArchiveSummary): void {
    const { warnings, seal, ledger, complete, signatures } = summary;
    const sentences = warnings.map((warning) => explainArchiveWarning(warning, this.#phrases));
    this.warnings.push(...(this.several ? sentences.map((warning) => `${clean(path)}: ${warning}`) : sentences));
    if (!seal || !ledger || !complete) return;
    const findings = { container: 'export', seal, ledger } as const;
    this.seals.push(...describeFindings(findings, findingPhrases[this.language]).map(formatFinding));
    this.seals.push(formatCompleteness(complete, this.language));
    if (!signatures) return;
    this.isUnsigned = true;
    this.seals.push(unsignedPhrases[this.language]);
  }
}

function isAboutBundle(report: Report | undefined): report is EvidenceReport {
  return report !== undefined && 'container' in report && report.container === 'bundle';
}

function problemOf(path: string, { name, reason }: UnitResult): FileProblem {
  return { code: reason?.message ?? 'file.no-signature', file: labelOf(path, name) };
}

function wholeReport(report: Report | JsonReport): Report {
  return 'json' in report ? (JSON.parse(report.json) as Report) : report;
}

/** How an evidence is named: by its path, or by its place below it. */
export function labelOf(path: string, name: string): string {
  return name === '' || name === basename(path) ? path : `${path}/${name}`;
}

/** Progress on a terminal: rewritten in place, and erased at the end. */
export class Progress {
  #shownAt = 0;
  readonly #isShown: boolean;

  constructor(private readonly total: number) {
    this.#isShown = process.stderr.isTTY && total > 1;
  }

  show(done: number, refused: number): void {
    if (!this.#isShown || performance.now() - this.#shownAt < INTERVAL_MS) return;
    this.#shownAt = performance.now();
    process.stderr.write(`\r${done} / ${this.total}, ${refused} not passed\u001b[K`);
  }

  end(): void {
    if (this.#isShown) process.stderr.write('\r\u001b[K');
  }
}

const INTERVAL_MS = 100;
