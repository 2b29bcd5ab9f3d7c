import type { Command } from 'commander';
import { systemClock } from '../kernel/clock.ts';
import { maskReport, type Report } from '../verification/report.ts';
import { holdsSignature } from '../evidence-files/completion-files.ts';
import { formatReport } from '../evidence-files/report-text.ts';
import { verifyBare } from '../evidence-files/verify-files.ts';
import { makeSettings, type Settings } from '../evidence-files/verify-settings.ts';
import { isLanguage, languages, type ReportPhrases } from '../evidence-files/report-phrases.ts';
import { exitCodeOf, NoInputError, reportProblem, UsageError } from './verify/files/exit-codes.ts';
import { readSealKeys } from './verify/export/manifest-seal.ts';
import { countOf, planOf, type Plan } from './verify/units/plan.ts';
import { formatMany } from './verify/print-many.ts';
import { readInput } from './verify/files/read-file.ts';
import { openRunner } from './verify/units/runner.ts';
import { parseJobs, readSettingsSource, type VerifyOptions } from './verify/settings.ts';
import { LineSink, Progress, ReportSink, TextSink } from './verify/sinks.ts';
import { Tally } from './verify/export/verify-archive.ts';
import { verifyPlan, type Sink } from './verify/verify-paths.ts';

/** `sigill verify`: offline, without server or database, and without trusting the exporter. */
export function registerVerify(program: Command): void {
  program
    .command('verify')
    .description('verify exports, evidence folders or bare BankID completions, offline')
    .argument('[paths...]', 'export ZIPs (packed or unpacked), evidence folders, directories of signatures, signatures')
    .option('--signature <file>', 'a bare completion: the XML, or its base64 as BankID delivered it')
    .option('--ocsp <file>', "the completion's OCSP response: DER or base64")
    .option('--consent <file>', 'compare the signed data with this consent.json')
    .option('--login <file>', 'compare the signed data with this login.json')
    .option('--rp <dn>', 'the expected relying party, as BankID writes it')
    .option('--trust <file>', 'BankID signature root (PEM)')
    .option('--environment <name>', 'test: accept the test root', 'production')
    .option('--trust-unpinned <file>', 'accept this root although Sigill does not pin it: you vouch for it')
    .option('--seal-key <file>', "the exporter's public keys (JWKS): one of them must have sealed the manifest")
    .option('--at <time>', 'assumed time of existence (RFC 3339) if the evidence proves none')
    .option('--policy <name>', 'bankid or etsi-strict', 'bankid')
    .option('--reveal', 'show the personal number in full')
    .option('--lang <language>', 'en or sv: language of the report for people', 'en')
    .option('--jobs <count>', 'threads for many files (all cores)')
    .option('--json', 'one JSON document on standard output')
    .option('--jsonl', 'one JSON document per line on standard output, one for each evidence')
    .action(runVerify);
}

async function runVerify(paths: readonly string[], options: VerifyOptions): Promise<void> {
  try {
    checkUsage(paths, options);
    const phrases = phrasesOf(options);
    process.exitCode =
      paths.length === 0 ? await verifyCompletion(options, phrases) : await verifyPaths(paths, options, phrases);
  } catch (error) {
    reportProblem(error, options.json === true || options.jsonl === true);
  }
}

function checkUsage(paths: readonly string[], options: VerifyOptions): void {
  const { signature, ocsp, consent, login, trust, trustUnpinned, sealKey, json, jsonl } = options;
  if ((paths.length === 0) === (signature === undefined)) throw new UsageError('give either paths or --signature');
  if (paths.length > 0 && (ocsp ?? consent ?? login) !== undefined)
    throw new UsageError('--ocsp, --consent and --login belong to --signature');
  if (paths.length === 0 && sealKey !== undefined) throw new UsageError('--seal-key belongs to exports');
  if (json && jsonl) throw new UsageError('--json is one document, --jsonl one for each evidence: choose one of them');
  if (paths.length === 0 && (trust ?? trustUnpinned) === undefined) {
    throw new UsageError('a bare signature needs --trust or --trust-unpinned');
  }
}

function phrasesOf({ lang = 'en' }: VerifyOptions): ReportPhrases {
  if (!isLanguage(lang)) throw new UsageError('--lang is en or sv');
  return languages[lang];
}

async function verifyCompletion(options: VerifyOptions, phrases: ReportPhrases): Promise<number> {
  const { signature = '', ocsp, consent, login } = options;
  const settings = makeSettings(await readSettingsSource(options, systemClock.now()));
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
  const report = verifyBare(files, settings);
  const shown = options.reveal ? report : maskReport(report);
  if (options.jsonl) process.stdout.write(`${JSON.stringify({ file: signature, folder: null, ...shown })}\n`);
  else printReport(shown, options, phrases);
  tellUnacceptedRoots(settings);
  return exitCodeOf(report);
}

async function verifyPaths(paths: readonly string[], options: VerifyOptions, phrases: ReportPhrases): Promise<number> {
  const source = await readSettingsSource(options, systemClock.now());
  const settings = makeSettings(source);
  const sealKeys = options.sealKey === undefined ? undefined : await readSealKeys(options.sealKey);
  const jobs = parseJobs(options.jobs);
  const plans = await Promise.all(paths.map(planOf));
  if (source.roots.length === 0 && plans.some(({ kind }) => kind === 'bare')) {
    throw new UsageError('a bare signature needs --trust or --trust-unpinned');
  }
  const total = plans.reduce((sum, plan) => sum + countOf(plan), 0);
  const runner = await openRunner(
    { source, reveal: options.reveal === true, form: options.jsonl ? 'json' : 'report' },
    total,
    jobs,
  );
  const output = outputOf(plans, options, phrases);
  const tally = new Tally();
  const progress = new Progress(total);
  const sink: Sink = {
    evidence: (path, result) => {
      output.sink.evidence(path, result);
      progress.show(tally.count, tally.refused);
    },
    leftAlone: (path, names) => output.sink.leftAlone(path, names),
    archive: (path, count, summary) => output.sink.archive(path, count, summary),
  };
  try {
    const work = { runner, sealKeys, sink, tally };
    for (const plan of plans) await verifyPlan(plan, work);
  } finally {
    progress.end();
    await runner.close();
    for (const plan of plans) if (plan.kind === 'zip') plan.zip.close();
  }
  output.end(tally);
  tellUnacceptedRoots(settings);
  return tally.exitCode;
}

interface Output {
  readonly sink: Sink;
  end(tally: Tally): void;
}

function outputOf(plans: readonly Plan[], options: VerifyOptions, phrases: ReportPhrases): Output {
  if (options.jsonl) return { sink: new LineSink(phrases), end: () => undefined };
  const [only, ...others] = plans;
  // If a seal is required, even a single evidence is reported together with its archive.
  if (only && others.length === 0 && isOneEvidence(only) && options.sealKey === undefined) {
    const sink = new ReportSink(false, phrases);
    return { sink, end: () => printOnly(sink, options, phrases) };
  }
  if (options.json) {
    const sink = new ReportSink(others.length > 0, phrases);
    return { sink, end: ({ verdict }) => void process.stdout.write(`${JSON.stringify(sink.whole(verdict))}\n`) };
  }
  const sink = new TextSink(others.length > 0, phrases);
  return { sink, end: ({ verdict }) => void process.stdout.write(formatMany(sink, verdict, phrases)) };
}

function isOneEvidence(plan: Plan): boolean {
  if (plan.kind === 'zip') return !plan.isExport && plan.zip.folders.size === 1;
  if (plan.kind === 'directory') return plan.folders[0] === '' && !plan.isExport && plan.irregular.length === 0;
  return plan.kind !== 'bare' || plan.isFile;
}

/** Prints the only report, or why there is none. */
function printOnly({ evidences, errors }: ReportSink, options: VerifyOptions, phrases: ReportPhrases): void {
  const [only] = evidences;
  if (only) printReport(only.report, options, phrases);
  else if (options.json) process.stdout.write(`${JSON.stringify({ error: errors[0] })}\n`);
}

function printReport(report: Report, { json }: VerifyOptions, phrases: ReportPhrases): void {
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : formatReport(report, phrases));
}

function tellUnacceptedRoots({ anchors, kinds }: Settings): void {
  if (anchors.some(({ kind }) => kind === 'test' && !kinds.includes(kind))) {
    process.stderr.write("sigill: this is BankID's test root; it is accepted with --environment test only\n");
  }
}
