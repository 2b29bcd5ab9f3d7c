import { canonicalJson } from '../../../crypto/json/canonical-json.ts';
import { DomainError } from '../../../kernel/errors.ts';
import type { JsonValue } from '../../../kernel/json.ts';
import type { PersonalNumber } from '../../../kernel/personal-number.ts';

/**
 * `column`, as `table.column`, is not what the other rows or the signed data say.
 * - `differs`: another value, or one that should not be there
 * - `missing`: it, or the row, is not there
 * - `key-missing`: nothing can be said of it, because LOOKUP_KEY_FILE or EVIDENCE_KEY_FILE lacks the key that it names
 */
export interface Difference {
  readonly column: string;
  readonly problem: 'differs' | 'missing' | 'key-missing';
}

type Comparable = string | Date | Buffer | undefined;

/** Nothing where both are the same, or both are not there. */
export function compare(column: string, found: Comparable, expected: Comparable): readonly Difference[] {
  if (formOf(found) === formOf(expected)) return [];
  return [{ column, problem: found === undefined ? 'missing' : 'differs' }];
}

/** Nothing where what is expected is unknown. */
export function compareKnown(column: string, found: Comparable, expected: Comparable): readonly Difference[] {
  return expected === undefined ? [] : compare(column, found, expected);
}

/** A sealed number that can be opened, and is that of the signer where the signer is known. */
export function compareNumber(
  column: string,
  opened: PersonalNumber | undefined,
  signer: PersonalNumber | undefined,
): readonly Difference[] {
  return opened === undefined ? [{ column, problem: 'differs' }] : compareKnown(column, opened, signer);
}

/** Nothing where the keyed hash in the column is the right one. */
export function compareHash(column: string, isRight: () => boolean): readonly Difference[] {
  try {
    return isRight() ? [] : [{ column, problem: 'differs' }];
  } catch (error) {
    if (error instanceof DomainError && error.code === 'service.key-missing')
      return [{ column, problem: 'key-missing' }];
    throw error;
  }
}

/** Where both are RFC 8785, their texts are the same when they are. */
export function textOfJson(value: JsonValue | undefined): string | undefined {
  return value === undefined ? undefined : canonicalJson(value);
}

function formOf(value: Comparable): string | undefined {
  if (value instanceof Date) return `at ${value.getTime()}`;
  return Buffer.isBuffer(value) ? `bytes ${value.toString('hex')}` : value;
}
