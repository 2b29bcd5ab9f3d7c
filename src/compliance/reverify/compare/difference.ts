import { canonicalJson } from '../../../crypto/json/canonical-json.ts';
import { DomainError } from '../../../kernel/errors.ts';
import type { JsonValue } from '../../../kernel/json.ts';
import type { PersonalNumber } from '../../../kernel/personal-number.ts';

/**
 * `column`, as `table.column`, does not agree with the other rows or the signed data.
 * - `differs`: another value, or one that should not be there
 * - `missing`: the value or the row is missing
 * - `key-missing`: it cannot be checked, because LOOKUP_KEY_FILE or EVIDENCE_KEY_FILE lacks the key that it names
 */
export interface Difference {
  readonly column: string;
  readonly problem: 'differs' | 'missing' | 'key-missing';
}

type Comparable = string | Date | Buffer | undefined;

/** No difference if both are the same, or both are absent. */
export function compare(column: string, found: Comparable, expected: Comparable): readonly Difference[] {
  if (formOf(found) === formOf(expected)) return [];
  return [{ column, problem: found === undefined ? 'missing' : 'differs' }];
}

/** No difference if the expected value is unknown. */
export function compareKnown(column: string, found: Comparable, expected: Comparable): readonly Difference[] {
  return expected === undefined ? [] : compare(column, found, expected);
}

/** Checks that a sealed number can be decrypted, and is the signer's if the signer is known. */
export function compareNumber(
  column: string,
  opened: PersonalNumber | undefined,
  signer: PersonalNumber | undefined,
): readonly Difference[] {
  return opened === undefined ? [{ column, problem: 'differs' }] : compareKnown(column, opened, signer);
}

/** No difference if the keyed hash in the column is correct. */
export function compareHash(column: string, isRight: () => boolean): readonly Difference[] {
  try {
    return isRight() ? [] : [{ column, problem: 'differs' }];
  } catch (error) {
    if (error instanceof DomainError && error.code === 'service.key-missing')
      return [{ column, problem: 'key-missing' }];
    throw error;
  }
}

/** The RFC 8785 text, by which JSON values are compared. */
export function textOfJson(value: JsonValue | undefined): string | undefined {
  return value === undefined ? undefined : canonicalJson(value);
}

function formOf(value: Comparable): string | undefined {
  if (value instanceof Date) return `at ${value.getTime()}`;
  return Buffer.isBuffer(value) ? `bytes ${value.toString('hex')}` : value;
}
