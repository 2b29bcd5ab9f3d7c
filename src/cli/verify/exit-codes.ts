import type { Report } from '../../verification/report.ts';
import { FileError } from '../../verifying/file-messages.ts';

/** 64 and 66 are EX_USAGE and EX_NOINPUT of sysexits.h. */
export const exitCodes = { passed: 0, failed: 1, indeterminate: 2, usage: 64, noInput: 66 } as const;

/** The command was used wrongly. */
export class UsageError extends Error {}

/** The system refuses to open or read a file. */
export class NoInputError extends FileError {}

/** Where a comparison says no, no verdict helps. */
export function exitCodeOf({ indication, matches }: Pick<Report, 'indication' | 'matches'>): number {
  if (indication === 'TOTAL-FAILED' || matches === 'no') return exitCodes.failed;
  return indication === 'INDETERMINATE' ? exitCodes.indeterminate : exitCodes.passed;
}

/** Says what went wrong on stderr and sets the exit code; every other error is a bug and passes through. */
export function reportProblem(error: unknown): void {
  if (!(error instanceof UsageError) && !(error instanceof NoInputError)) throw error;
  process.stderr.write(`sigill: ${error.message}\n`);
  process.exitCode = error instanceof UsageError ? exitCodes.usage : exitCodes.noInput;
}
