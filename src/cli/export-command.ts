import { closeSync, openSync, rmSync } from 'node:fs';
import type { Command } from 'commander';
import type { ExportSummary } from '../compliance/exports.ts';
import { operator } from './command-context.ts';
import { exportOnThread } from './worker/export-thread.ts';

/** Exit codes of sysexits.h. */
const exitCodes = { usage: 64, cannotCreate: 73, ioError: 74, config: 78 } as const;
/** The error codes of a file that takes no more, and of a program that no longer reads our standard output. */
const OUTPUT_FAILURES = ['EPIPE', 'ENOSPC', 'EDQUOT', 'EFBIG', 'EIO', 'ERR_STREAM_PREMATURE_CLOSE'];

const STDOUT = 1;

interface ExportOptions {
  readonly from: string;
  readonly to: string;
  readonly tpp?: string;
  readonly bank?: string;
  readonly consent?: string;
  readonly purpose: string;
  readonly out: string;
  readonly csv?: string;
  readonly json?: true;
}

/** `sigill export`: signed consents of a period as one ZIP, which can be verified without trusting us. */
export function registerExport(program: Command): void {
  program
    .command('export')
    .description('export the signed consents of a period as one ZIP of evidence folders')
    .requiredOption('--from <time>', 'authorised at or after: RFC 3339, or a date (UTC)')
    .requiredOption('--to <time>', 'authorised before: RFC 3339, or a date (UTC)')
    .option('--tpp <client>', 'only consents of this TPP, by client id')
    .option('--bank <client>', 'only consents at this bank, by client id')
    .option('--consent <id>', 'only this consent')
    .requiredOption('--purpose <text>', 'why; recorded in the audit trail and in the manifest')
    .requiredOption('--out <file>', 'where to write the ZIP; - for standard output')
    .option('--csv <form>', 'excel-sv: index.csv with semicolons, byte order mark and decimal comma')
    .option('--json', 'one JSON document on standard output')
    .action(exportConsents);
}

async function exportConsents(options: ExportOptions): Promise<void> {
  const { parseExportRequest, ExportRequestError } = await import('../compliance/export-request.ts');
  try {
    if (options.out === '-' && options.json) {
      throw new ExportRequestError('--out - and --json both write to standard output');
    }
    const request = parseExportRequest(options, operator());
    print(options, await intoFile(options.out, (fd) => exportOnThread({ request, fd })));
  } catch (error) {
    reportExportFailure(error);
  }
}

/** One sentence on standard error, and the exit code. */
export function reportExportFailure(error: unknown): void {
  process.stderr.write(`${sentenceOf(error)}\n`);
  process.exitCode = exitCodeOf(error);
}

/** An unfinished archive is removed. An existing file is never overwritten. */
export async function intoFile<T>(file: string, write: (fd: number) => Promise<T>): Promise<T> {
  if (file === '-') return write(STDOUT);
  const fd = openSync(file, 'wx', 0o600);
  try {
    return await write(fd);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
}

function print({ out, json }: ExportOptions, summary: ExportSummary): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ ...summary, file: out })}\n`);
    return;
  }
  const sums = Object.entries(summary.sums).map(([currency, sum]) => `${sum} ${currency}`);
  const total = sums.length === 0 ? '' : `, ${sums.join(', ')}`;
  const erased =
    summary.erased === 0 ? '' : ` Evidence of ${summary.erased} more was erased at the end of its retention.`;
  process.stderr.write(
    `Export ${summary.exportId}: consents ${summary.count}${total}.${erased}\nSHA-256 of manifest.json: ${summary.manifestSha256}\n`,
  );
}

function sentenceOf(error: unknown): string {
  if (OUTPUT_FAILURES.includes(codeOf(error))) return `the export could not be written to its end: ${codeOf(error)}`;
  return error instanceof Error ? error.message : 'the export failed';
}

function codeOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

function exitCodeOf(error: unknown): number {
  const name = error instanceof Error ? error.name : '';
  if (name === 'ExportRequestError') return exitCodes.usage;
  if (name === 'ConfigError') return exitCodes.config;
  const code = codeOf(error);
  if (OUTPUT_FAILURES.includes(code)) return exitCodes.ioError;
  return code === 'EEXIST' || code === 'EACCES' || code === 'ENOENT' ? exitCodes.cannotCreate : 1;
}
