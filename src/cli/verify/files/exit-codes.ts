import type { Outcome } from '../../../bundle/outcome.ts';
import type { Report } from '../../../verification/report.ts';
import { FileError, type FileReason } from '../../../evidence-files/file-messages.ts';

/** 64 and 66 are EX_USAGE and EX_NOINPUT of sysexits.h. */
export const exitCodes = { passed: 0, failed: 1, indeterminate: 2, usage: 64, noInput: 66 } as const;

/** The command was used wrongly. */
export class UsageError extends Error {}

/** The system refuses to open or read a file. */
export class NoInputError extends FileError {
  /** The file, if the reason does not name it. */
  readonly file: string | undefined;

  constructor(reason: FileReason, file?: string) {
    super(reason);
    this.file = file;
  }
}

/**
 * A comparison that failed outweighs any verdict.
 * @param outcome of what stands around the signature
 */
export function exitCodeOf(
  { indication, matches }: Pick<Report, 'indication' | 'matches'>,
  outcome: Outcome = 'passed',
): number {
  if (indication === 'TOTAL-FAILED' || matches === 'no' || outcome === 'failed') return exitCodes.failed;
  return indication === 'INDETERMINATE' || outcome === 'indeterminate' ? exitCodes.indeterminate : exitCodes.passed;
}

/**
 * Reports the error on stderr and sets the exit code; any other error is a bug and passes through.
 * @param asJson reports the error of a file also on stdout, as `{"error":{"code","file"}}`
 */
export function reportProblem(error: unknown, asJson = false): void {
  if (!(error instanceof UsageError) && !(error instanceof NoInputError)) throw error;
  if (error instanceof UsageError) {
    process.stderr.write(`sigill: ${error.message}\n`);
    process.exitCode = exitCodes.usage;
    return;
  }
  const { reason, file } = error;
  const named = reason.message === 'file.unreadable' ? reason.parameters.file : file;
  process.stderr.write(`sigill: ${file === undefined ? '' : `${file}: `}${error.message}\n`);
  if (asJson) process.stdout.write(`${JSON.stringify({ error: { code: reason.message, file: named } })}\n`);
  process.exitCode = exitCodes.noInput;
}
