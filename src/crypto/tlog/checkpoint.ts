import { findBase64 } from '../base64.ts';
import { Malformed } from '../malformed.ts';
import { HASH_SIZE, isCount } from './merkle.ts';
import { isKeyName } from './verifier-key.ts';

/** A head of a log, as its note states it. */
export interface Checkpoint {
  /** The identity of the log, which its key has as its name. */
  readonly origin: string;
  /** How many leaves its tree has. */
  readonly size: number;
  /** SHA-256, 32 octets. */
  readonly root: Buffer;
}

/**
 * The text of a checkpoint's note.
 * @throws Malformed where the origin cannot be one line, or the size is none
 * @see C2SP tlog-checkpoint, *Note text*
 */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  const text = `${origin}\n${size}\n${root.toString('base64')}\n`;
  parseCheckpoint(text);
  return text;
}

/**
 * Reads the text of a checkpoint's note. A checkpoint with extension lines is refused: our logs write none, and no monitor can
 * audit them; so is one whose origin can name no key, as the log's key has its origin for a name.
 * @throws Malformed
 * @see C2SP tlog-checkpoint, *Note text*
 */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin, size, base64, end, ...more] = text.split('\n');
  if (origin === undefined || size === undefined || base64 === undefined || end !== '' || more.length > 0)
    throw new Malformed('not a checkpoint of three lines');
  if (!isKeyName(origin)) throw new Malformed('a checkpoint whose origin can name no key');
  const root = findBase64(base64);
  if (root?.length !== HASH_SIZE) throw new Malformed('a checkpoint without a hash of 32 octets');
  return { origin, size: parseCount(size), root };
}

/** A count in decimal digits, without leading zeroes, up to 2^53 − 1. @throws Malformed */
export function parseCount(text: string): number {
  const count = /^(?:0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : NaN;
  if (!isCount(count)) throw new Malformed('not a count of at most 2^53 − 1');
  return count;
}
