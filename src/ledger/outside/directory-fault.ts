import { codeOf } from '../../kernel/errors.ts';

/**
 * What is wrong with LEDGER_DIRECTORY:
 * - `gone`: the directory itself is not there;
 * - `full`, `read-only`: nothing can be written;
 * - `differs`: a file is there already, with other bytes; it stays as it is;
 * - `missing`: a file that was kept is not there;
 * - `unavailable`: anything else that the file system reports.
 */
export type DirectoryFaultReason = 'gone' | 'full' | 'read-only' | 'differs' | 'missing' | 'unavailable';

/** LEDGER_DIRECTORY cannot be read or written as it must be. */
export class DirectoryFault extends Error {
  /** @param file path below the directory; empty for the directory itself */
  constructor(
    readonly reason: DirectoryFaultReason,
    readonly file: string,
    options?: ErrorOptions,
  ) {
    super(file === '' ? `LEDGER_DIRECTORY: ${reason}` : `LEDGER_DIRECTORY: ${file}: ${reason}`, options);
    this.name = 'DirectoryFault';
  }
}

const reasons: Readonly<Record<string, DirectoryFaultReason>> = {
  ENOENT: 'missing',
  ENOSPC: 'full',
  EDQUOT: 'full',
  EROFS: 'read-only',
  EACCES: 'read-only',
  EPERM: 'read-only',
};

/** The fault that an error of the file system is. */
export function directoryFault(error: unknown, file: string): DirectoryFault {
  if (error instanceof DirectoryFault) return error;
  return new DirectoryFault(reasons[codeOf(error)] ?? 'unavailable', file, { cause: error });
}
