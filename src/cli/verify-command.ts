import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { systemClock } from '../kernel/clock.ts';
import { maskReport, type Report } from '../verification/report.ts';
import { verifyBare, verifyFolder, verifyNothing } from '../verifying/verify-files.ts';
import type { Settings } from '../verifying/verify-settings.ts';
import { ArchiveRefused } from '../verifying/zip-archive.ts';
import { openDirectory } from './verify/directory-files.ts';
import { exitCodeOf, NoInputError, reportProblem, UsageError } from './verify/exit-codes.ts';
import type { FileSet } from './verify/file-set.ts';
import { formatArchive, formatReport } from './verify/print-report.ts';
import { codeOf, readInput } from './verify/read-file.ts';
import { readSettings, type VerifyOptions } from './verify/settings.ts';
import { foldersOf, readFolder, verifyArchive, type ArchiveReport } from './verify/verify-archive.ts';
import { openZip } from './verify/zip-files.ts';

/** `sigill verify`: offline, without server, database or any trust in who exported. */
export function registerVerify(program: Command): void {
  program
    .command('verify')
    .description('verify an export, an evidence folder or a bare BankID completion, offline')
    .argument('[path]', 'export ZIP, directory of evidence folders, or one evidence folder')
    .option('--signature <file>', 'a bare completion: the XML, or its base64 as BankID delivered it')
    .option('--ocsp <file>', "the completion's OCSP response: DER or base64")
    .option('--consent <file>', 'compare the signed data with this consent.json')
    .option('--rp <dn>', 'the relying party expected, as BankID writes it')
    .option('--trust <file>', 'BankID signature root (PEM)')
    .option('--environment <name>', 'test: accept the test root', 'production')
    .option('--trust-unpinned <file>', 'accept this root although Sigill does not pin it: you vouch for it')
    .option('--at <time>', 'assumed time of existence (RFC 3339) where the evidence proves none')
    .option('--policy <name>', 'bankid or etsi-strict', 'bankid')
    .option('--reveal', 'show the personal number in full')
    .option('--json', 'one JSON document on standard output')
    .action(runVerify);
}

async function runVerify(path: string | undefined, options: VerifyOptions): Promise<void> {
  try {
    checkUsage(path, options);
    const settings = await readSettings(options, systemClock.now());
    const result = path === undefined ? await verifyCompletion(options, settings) : await verifyPath(path, settings);
    print(options.reveal ? result : masked(result), options);
    tellUnacceptedRoots(settings);
    process.exitCode = exitCodeOf(result);
  } catch (error) {
    reportProblem(error);
  }
}

function checkUsage(path: string | undefined, { signature, ocsp, consent, trust, trustUnpinned }: VerifyOptions): void {
  if ((path === undefined) === (signature === undefined))
    throw new UsageError('give a path, or --signature, and not both');
  if (path !== undefined && (ocsp ?? consent) !== undefined)
    throw new UsageError('--ocsp and --consent belong to --signature');
  if (path === undefined && (trust ?? trustUnpinned) === undefined) {
    throw new UsageError('a bare signature needs --trust or --trust-unpinned');
  }
}

async function verifyCompletion({ signature = '', ocsp, consent }: VerifyOptions, settings: Settings): Promise<Report> {
  const files = {
    signature: await readInput(signature),
    ocsp: ocsp === undefined ? undefined : await readInput(ocsp),
    consent: consent === undefined ? undefined : await readInput(consent),
  };
  return verifyBare(files, settings);
}

async function verifyPath(path: string, settings: Settings): Promise<Report | ArchiveReport> {
  const isDirectory = await stat(path).then(
    (found) => found.isDirectory(),
    (error: unknown) => {
      throw new NoInputError(`cannot read ${path}: ${codeOf(error)}`);
    },
  );
  let set: FileSet | undefined;
  try {
    set = isDirectory ? await openDirectory(path) : await openZip(path);
    if (foldersOf(set).length === 0) return verifyNothing(settings);
    if (set.paths.has('signature.b64')) return verifyFolder(await readFolder(set, ''), settings);
    return await verifyArchive(set, isDirectory ? 'directory' : 'export', settings);
  } catch (error) {
    if (!(error instanceof ArchiveRefused)) throw error;
    process.stderr.write(`sigill: ${path}: ${error.message}\n`);
    return verifyNothing(settings);
  } finally {
    await set?.close();
  }
}

function masked(result: Report | ArchiveReport): Report | ArchiveReport {
  if (!('evidences' in result)) return maskReport(result);
  return { ...result, evidences: result.evidences.map((one) => ({ ...one, report: maskReport(one.report) })) };
}

function print(result: Report | ArchiveReport, { json }: VerifyOptions): void {
  const text = 'evidences' in result ? formatArchive(result) : formatReport(result);
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : text);
}

function tellUnacceptedRoots({ anchors, kinds }: Settings): void {
  if (anchors.some(({ kind }) => kind === 'test' && !kinds.includes(kind))) {
    process.stderr.write("sigill: this is BankID's test root; it counts with --environment test only\n");
  }
}
