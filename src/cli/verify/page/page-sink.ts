import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { describeFindings, type FindingRow, type Mark } from '../../../bundle/describe-findings.ts';
import type { EvidenceReport } from '../../../bundle/findings.ts';
import { findingPhrases } from '../../../bundle/finding-phrases.ts';
import { explainArchiveWarning } from '../../../evidence-files/report-text.ts';
import { languages } from '../../../evidence-files/report-phrases.ts';
import { render } from '../../../verification/messages.ts';
import type { Report } from '../../../verification/report.ts';
import { shownEvidence, type ShownEvidence } from '../../../report-page/many.ts';
import { manyFile, reportFile } from '../../../report-page/report-file.ts';
import type { ShownFile } from '../../../report-page/report.ts';
import { writeNewFile } from '../../output/new-file.ts';
import { formatCompleteness, unsignedPhrases } from '../export/completeness-phrases.ts';
import type { ArchiveSummary, Tally } from '../export/verify-archive.ts';
import { exitCodes, UsageError } from '../files/exit-codes.ts';
import type { UnitResult } from '../units/unit.ts';
import { labelOf } from '../sinks.ts';
import type { Sink } from '../verify-paths.ts';

export interface PageOptions {
  /** Where the page is written. */
  readonly out: string;
  readonly language: keyof typeof languages;
  readonly policy: string;
  readonly at: Date;
  /** Paths. */
  readonly several: boolean;
}

/** Gathers what a page says of several evidences, and of each a line. */
export class PageSink implements Sink {
  readonly #evidences: ShownEvidence[] = [];
  readonly #warnings: string[] = [];
  readonly #findings: FindingRow[] = [];
  readonly #completeness: string[] = [];
  readonly #environments = new Set<Report['environment']>();
  /** Of the first evidence, which may be the only one. */
  #first: Report | undefined;

  constructor(private readonly options: PageOptions) {
    checkOut(options.out);
  }

  evidence(path: string, { name, report, reason }: UnitResult): void {
    const { language } = this.options;
    const label = this.options.several ? labelOf(path, name) : name || path;
    if (!report || 'json' in report) {
      const note = reason && render(languages[language].fileMessages, reason);
      this.#evidences.push({
        ...{ label, mark: 'open', note },
        ...{ amount: undefined, payee: undefined, signedAt: undefined },
      });
      return;
    }
    this.#first ??= report;
    this.#environments.add(report.environment);
    this.#evidences.push(shownEvidence(label, report, language, this.#around(report)));
  }

  /** Named on standard error. */
  leftAlone(): void {}

  archive(_path: string, _count: number, summary: ArchiveSummary): void {
    const { warnings, seal, ledger, complete, signatures } = summary;
    const { language } = this.options;
    this.#warnings.push(...warnings.map((warning) => explainArchiveWarning(warning, languages[language])));
    if (!seal) return;
    const findings = { container: 'export', seal, ledger: ledger ?? { state: 'none' } } as const;
    const rows = describeFindings(findings, findingPhrases[language]);
    this.#findings.push(...rows.filter(({ id }) => id !== 'ledger' || ledger !== undefined));
    if (complete) this.#completeness.push(formatCompleteness(complete, language));
    if (signatures) this.#completeness.push(unsignedPhrases[language]);
  }

  /** @param only the path, if it was the only one @throws UsageError, NoInputError */
  async end(tally: Tally, only: { readonly path: string; readonly isOneEvidence: boolean } | undefined): Promise<void> {
    const { language, policy, at, out } = this.options;
    const file = only && (await findFile(only.path));
    const first = this.#first;
    if (only?.isOneEvidence && first && isAboutEvidence(first)) {
      writeNewFile(out, reportFile({ report: first, file, at, policy }, language));
      return;
    }
    const page = {
      ...{ verdict: tally.verdict, isUnsigned: tally.isUnsigned, mark: markOfAll(tally), file, at, policy },
      ...{ environments: this.#environments, evidences: this.#evidences },
      ...{ findings: this.#findings, completeness: this.#completeness, warnings: this.#warnings },
    };
    writeNewFile(out, manyFile(page, language));
  }

  /** Of a bundle, the worst of what stands around it. */
  #around(report: Report): { readonly mark: Exclude<Mark, 'none'>; readonly note: string | undefined } {
    if (!isAboutEvidence(report) || report.container !== 'bundle') return { mark: 'good', note: undefined };
    const rows = describeFindings(report, findingPhrases[this.options.language]);
    const note = rows.map(({ label, state }) => `${label}: ${state}`).join(', ');
    return { mark: rows.some(({ mark }) => mark === 'bad') ? 'bad' : 'good', note };
  }
}

/** Before anything is verified. @throws UsageError */
export function checkOut(out: string): void {
  if (out === '-') throw new UsageError('--html names a file');
  if (existsSync(out)) throw new UsageError(`${out} exists, and is not overwritten`);
}

/** One of the bytes at hand. */
export function fileOf(bytes: Uint8Array): ShownFile {
  return { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Undefined for a directory. */
async function findFile(path: string): Promise<ShownFile | undefined> {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
  const sum = createHash('sha256');
  let size = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    sum.update(chunk);
    size += chunk.length;
  }
  return { size, sha256: sum.digest('hex') };
}

function isAboutEvidence(report: Report): report is EvidenceReport {
  return 'container' in report;
}

function markOfAll({ exitCode }: Tally): Exclude<Mark, 'none'> {
  if (exitCode === exitCodes.passed) return 'good';
  return exitCode === exitCodes.failed ? 'bad' : 'open';
}
