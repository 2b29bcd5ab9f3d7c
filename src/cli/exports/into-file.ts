import { closeSync, openSync, rmSync } from 'node:fs';
import { codeOf } from '../../kernel/errors.ts';

/** Exit codes of sysexits.h. */
const exitCodes = { usage: 64, cannotCreate: 73, ioError: 74, config: 78 } as const;
/** The error codes of a file that takes no more, and of a program that no longer reads our standard output. */
const OUTPUT_FAILURES = ['EPIPE', 'ENOSPC', 'EDQUOT', 'EFBIG', 'EIO', 'ERR_STREAM_PREMATURE_CLOSE'];

const STDOUT = 1;

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

/** One sentence on standard error, and the exit code. */
export function reportExportFailure(error: unknown): void {
  process.stderr.write(`${sentenceOf(error)}\n`);
  process.exitCode = exitCodeOf(error);
}

function sentenceOf(error: unknown): string {
  if (OUTPUT_FAILURES.includes(codeOf(error))) return `the export could not be written to its end: ${codeOf(error)}`;
  return error instanceof Error ? error.message : 'the export failed';
}

function exitCodeOf(error: unknown): number {
  const name = error instanceof Error ? error.name : '';
  if (name === 'ExportRequestError') return exitCodes.usage;
  if (name === 'ConfigError') return exitCodes.config;
  const code = codeOf(error);
  if (OUTPUT_FAILURES.includes(code)) return exitCodes.ioError;
  return code === 'EEXIST' || code === 'EACCES' || code === 'ENOENT' ? exitCodes.cannotCreate : 1;
}
