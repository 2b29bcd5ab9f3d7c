import { open, type FileHandle } from 'node:fs/promises';
import { codeOf } from '../../../kernel/errors.ts';
import { NoInputError } from './exit-codes.ts';

/** Larger than any signature of the profile in base64; nothing beyond it is read. */
export const READ_LIMIT = 1_000_000;

/**
 * The first `limit` bytes of a file, and one more if it is longer, so that its parser finds it too large.
 * @throws NoInputError
 */
export async function readInput(path: string, limit = READ_LIMIT): Promise<Buffer> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const chunks: Buffer[] = [];
    let total = 0;
    while (total <= limit) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(65_536, limit + 1 - total)));
      if (bytesRead === 0) break;
      chunks.push(buffer.subarray(0, bytesRead));
      total += bytesRead;
    }
    return Buffer.concat(chunks);
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    await file?.close();
  }
}

/** The error of the system: its code, without its message. */
export function unreadable(file: string, error: unknown): NoInputError {
  const reason = codeOf(error) || 'unreadable';
  return new NoInputError({ message: 'file.unreadable', parameters: { file, reason } });
}
