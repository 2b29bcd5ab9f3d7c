import type { Command } from 'commander';
import type { EvidenceReport } from '../bundle/findings.ts';
import { findingPhrases } from '../bundle/finding-phrases.ts';
import { formatEvidenceReport } from '../bundle/format-evidence-report.ts';
import { outcomeOf } from '../bundle/outcome.ts';
import { makeBundleTrust } from '../bundle/trust.ts';
import { unsealed } from '../bundle/verify-bundle.ts';
import { systemClock } from '../kernel/clock.ts';
import { maskReport, type Report } from '../verification/report.ts';
import { holdsSignature } from '../evidence-files/completion-files.ts';
import { formatReport } from '../evidence-files/report-text.ts';
import { verifyBare } from '../evidence-files/verify-files.ts';
import { makeSettings, type Settings, type SettingsSource } from '../evidence-files/verify-settings.ts';
import { isLanguage, languages } from '../evidence-files/report-phrases.ts';
import { exitCodeOf, NoInputError, reportProblem, UsageError } from './verify/files/exit-codes.ts';
import { countOf, planOf, type Plan } from './verify/units/plan.ts';
import { formatMany } from './verify/print-many.ts';
import { readInput } from './verify/files/read-file.ts';
import { tileReaders } from './verify/files/tile-reader.ts';
import { openRunner } from './verify/units/runner.ts';
import { reportFile } from '../report-page/report-file.ts';
import { writeNewFile } from './output/new-file.ts';
import { hintsOf } from './verify/hints.ts';
import { paint } from './verify/paint.ts';
import { parseJobs, readSettingsSource, readTrustSource, type VerifyOptions } from './verify/settings.ts';
import { LineSink, Progress, ReportSink, TextSink } from './verify/sinks.ts';
import { Tally } from './verify/export/verify-archive.ts';
import { checkOut, fileOf, PageSink, type PageOptions } from './verify/page/page-sink.ts';
import { verifyPlan, type Sink } from './verify/verify-paths.ts';

type Language = keyof typeof languages;

/** `sigill verify`: offline, without server or database, and without trusting the exporter. */
export function registerVerify(program: Command): void {
  program
    .command('verify')
    .description('verify exports, evidence folders or bare BankID completions, offline')
    .argument(
      '[paths...]',
      'bundles, export ZIPs (packed or unpacked), evidence folders, directories of signatures, signatures',
    )
    .option('--signature <file>', 'a bare completion: the XML, or its base64 as BankID delivered it')
    .option('--ocsp <file>', "the completion's OCSP response: DER or base64")
    .option('--consent <file>', 'compare the signed data with this consent.json')
    .option('--login <file>', 'compare the signed data with this login.json')
    .option('--rp <dn>', 'the expected relying party, as BankID writes it')
    .option('--trust <file>', 'BankID signature root (PEM)')
    .option('--environment <name>', 'test: accept the test root', 'production')
    .option('--trust-unpinned <file>', 'accept this root although Sigill does not pin it: you vouch for it')
    .option('--seal-trust <file>', 'who may have issued the certificate of a seal (PEM; may be repeated)', repeated)
    .option('--tsa-trust <file>', "who may have issued a timestamp authority's (PEM; may be repeated)", repeated)
    .option('--ledger-key <vkey>', 'a key that must have signed the checkpoint (may be repeated)', repeated)
    .option(
      '--checkpoint <file>',
      'a checkpoint that you kept: the one in the bundle or the export must be consistent with it',
    )
    .option('--ledger <place>', "directory or URL of the ledger's tiles, for a checkpoint of another size")
    .option('--at <time>', 'assumed time of existence (RFC 3339) if the evidence proves none')
    .option('--policy <name>', 'bankid or etsi-strict', 'bankid')
    .option('--reveal', 'show the personal number in full')
    .option('--lang <language>', 'en or sv: language of the report for people', 'en')
    .option('--html <file>', 'also write the report as a page that needs no network')
    .option('--jobs <count>', 'threads for many files (all cores)')
    .option('--json', 'one JSON document on standard output')
    .option('--jsonl', 'one JSON document per line on standard output, one for each evidence')
    .action(runVerify);
}

function repeated(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

async function runVerify(paths: readonly string[], options: VerifyOptions): Promise<void> {
  try {
    checkUsage(paths, options);
    const language = languageOf(options);
    process.exitCode =
      paths.length === 0 ? await verifyCompletion(options, language) : await verifyPaths(paths, options, language);
  } catch (error) {
    reportProblem(error, options.json === true || options.jsonl === true);
  }
}

function checkUsage(paths: readonly string[], options: VerifyOptions): void {
  const { signature, ocsp, consent, login, trust, trustUnpinned, json, jsonl, html } = options;
  if ((paths.length === 0) === (signature === undefined)) throw new UsageError('give either paths or --signature');
  if (paths.length > 0 && (ocsp ?? consent ?? login) !== undefined)
    throw new UsageError('--ocsp, --consent and --login belong to --signature');
  if (json && jsonl) throw new UsageError('--json is one document, --jsonl one for each evidence: choose one of them');
  if (jsonl && html !== undefined) throw new UsageError('--html needs whole reports: choose --json, or no --jsonl');
  if (html !== undefined) checkOut(html);
  if (paths.length === 0 && (trust ?? trustUnpinned) === undefined) {
    throw new UsageError('a bare signature needs --trust or --trust-unpinned');
  }
}

function languageOf({ lang = 'en' }: VerifyOptions): Language {
  if (!isLanguage(lang)) throw new UsageError('--lang is en or sv');
  return lang;
}

async function verifyCompletion(options: VerifyOptions, language: Language): Promise<number> {
  const { signature = '', ocsp, consent, login } = options;
  const at = systemClock.now();
  const settings = makeSettings(await readSettingsSource(options, at));
  const bytes = await readInput(signature);
  if (!holdsSignature(bytes)) {
    throw new NoInputError(bytes.length === 0 ? 'file.empty' : 'file.no-signature', signature);
  }
  const files = {
    signature: bytes,
    ocsp: ocsp === undefined ? undefined : await readInput(ocsp),
    consent: consent === undefined ? undefined : await readInput(consent),
    login: login === undefined ? undefined : await readInput(login),
  };
  const trust = makeBundleTrust(await readTrustSource(options));
  const report = unsealed(verifyBare(files, settings), 'signature', trust);
  const shown = options.reveal ? report : maskReport(report);
  if (options.jsonl) process.stdout.write(`${JSON.stringify({ file: signature, folder: null, ...shown })}\n`);
  else printReport(shown, options, language);
  if (options.html !== undefined) {
    const page = { report: shown, file: fileOf(bytes), at, policy: policyOf(options) };
    writeNewFile(options.html, reportFile(page, language));
  }
  tellUnacceptedRoots(settings);
  return exitCodeOf(report, outcomeOf(report, { keptCheckpoint: trust.ledger.kept !== undefined }));
}

async function verifyPaths(paths: readonly string[], options: VerifyOptions, language: Language): Promise<number> {
  const at = systemClock.now();
  const source = await readSettingsSource(options, at);
  const settings = makeSettings(source);
  const trust = await readTrustSource(options);
  const jobs = parseJobs(options.jobs);
  const plans = await Promise.all(paths.map(planOf));
  checkPlans(plans, source);
  const total = plans.reduce((sum, plan) => sum + countOf(plan), 0);
  const shown = { reveal: options.reveal === true, form: options.jsonl ? 'json' : 'report' } as const;
  const runner = await openRunner({ source, trust, ledger: options.ledger, ...shown }, total, jobs);
  const output = outputOf(plans, options, language);
  const page = pageOf(options, { language, at, several: plans.length > 1 });
  const tally = new Tally();
  const progress = new Progress(total);
  const sink = allOf(page ? [output.sink, page] : [output.sink], () => progress.show(tally.count, tally.refused));
  try {
    const work = { runner, trust: makeBundleTrust(trust, tileReaders(options.ledger)), sink, tally };
    for (const plan of plans) await verifyPlan(plan, work);
  } finally {
    progress.end();
    await runner.close();
    for (const plan of plans) if (plan.kind === 'zip') plan.zip.close();
  }
  output.end(tally);
  const [only, ...others] = plans;
  await page?.end(tally, only && others.length === 0 ? { ...only, isOneEvidence: isOneEvidence(only) } : undefined);
  tellUnacceptedRoots(settings);
  return tally.exitCode;
}

function policyOf({ policy = 'bankid' }: VerifyOptions): string {
  return policy;
}

function pageOf(options: VerifyOptions, rest: Omit<PageOptions, 'out' | 'policy'>): PageSink | undefined {
  const { html: out } = options;
  return out === undefined ? undefined : new PageSink({ out, policy: policyOf(options), ...rest });
}

/** Each result goes to all of them. @param after called after each evidence */
function allOf(sinks: readonly Sink[], after: () => void): Sink {
  return {
    evidence: (path, result) => {
      for (const sink of sinks) sink.evidence(path, result);
      after();
    },
    leftAlone: (path, names) => sinks.forEach((sink) => sink.leftAlone(path, names)),
    archive: (path, count, summary) => sinks.forEach((sink) => sink.archive(path, count, summary)),
  };
}

function checkPlans(plans: readonly Plan[], source: SettingsSource): void {
  if (source.roots.length === 0 && plans.some(({ kind }) => kind === 'bare')) {
    throw new UsageError('a bare signature needs --trust or --trust-unpinned');
  }
}

interface Output {
  readonly sink: Sink;
  end(tally: Tally): void;
}

function outputOf(plans: readonly Plan[], options: VerifyOptions, language: Language): Output {
  const phrases = languages[language];
  if (options.jsonl) return { sink: new LineSink(phrases), end: () => undefined };
  const [only, ...others] = plans;
  if (only && others.length === 0 && isOneEvidence(only)) {
    const sink = new ReportSink(false, phrases);
    return { sink, end: () => printOnly(sink, options, language) };
  }
  if (options.json) {
    const sink = new ReportSink(others.length > 0, phrases);
    return { sink, end: ({ verdict }) => void process.stdout.write(`${JSON.stringify(sink.whole(verdict))}\n`) };
  }
  const sink = new TextSink(others.length > 0, language);
  return { sink, end: ({ verdict }) => print(formatMany(sink, verdict, phrases, findingPhrases[language]), language) };
}

function isOneEvidence(plan: Plan): boolean {
  if (plan.kind === 'zip') return !plan.isExport && plan.zip.folders.size === 1;
  if (plan.kind === 'bundles') return plan.names.length === 1;
  if (plan.kind === 'directory') return plan.folders[0] === '' && !plan.isExport && plan.irregular.length === 0;
  return plan.kind !== 'bare' || plan.isFile;
}

/** Prints the only report, or why there is none. */
function printOnly({ evidences, errors }: ReportSink, options: VerifyOptions, language: Language): void {
  const [only] = evidences;
  if (only) printReport(only.report, options, language);
  else if (options.json) process.stdout.write(`${JSON.stringify({ error: errors[0] })}\n`);
}

function printReport(report: Report | EvidenceReport, { json }: VerifyOptions, language: Language): void {
  if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else if ('container' in report) print(formatEvidenceReport(report, language), language);
  else print(formatReport(report, languages[language]), language);
  if ('container' in report) for (const hint of hintsOf(report)) process.stderr.write(`sigill: ${hint}\n`);
}

/** In colour on a terminal that has it. */
function print(text: string, language: Language): void {
  const { stdout } = process;
  const hasColours = stdout.isTTY && stdout.hasColors();
  stdout.write(hasColours ? paint(text, languages[language], findingPhrases[language]) : text);
}

function tellUnacceptedRoots({ anchors, kinds }: Settings): void {
  if (anchors.some(({ kind }) => kind === 'test' && !kinds.includes(kind))) {
    process.stderr.write("sigill: this is BankID's test root; it is accepted with --environment test only\n");
  }
}
