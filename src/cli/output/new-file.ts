import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { UsageError } from '../verify/files/exit-codes.ts';

/** Writes a file that its owner alone can read. One that exists is never overwritten. @throws UsageError */
export function writeNewFile(path: string, content: string | Uint8Array): void {
  const descriptor = open(path);
  try {
    writeFileSync(descriptor, content);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

function open(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${(error as NodeJS.ErrnoException).code ?? 'unwritable'}`);
  }
}
