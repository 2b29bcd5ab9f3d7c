import type { Faults } from './faults.ts';

/** An array of at least one of `known`, none of them twice. */
export function parseWords<const T extends string>(value: unknown, known: readonly T[], faults: Faults): readonly T[] {
  const words: readonly unknown[] = Array.isArray(value) ? value : [];
  const isKnown = (word: unknown): word is T => known.some((one) => one === word);
  if (words.length > 0 && words.every(isKnown) && new Set(words).size === words.length) return words;
  faults.addForm('', value, `an array of one or more of ${known.join(', ')}, each once`);
  return [];
}

/** One of `known`. */
export function parseWord<const T extends string>(value: unknown, known: readonly T[], faults: Faults): T {
  const word = known.find((one) => one === value);
  if (word === undefined) faults.addForm('', value, known.length === 1 ? `${known[0]}` : `one of ${known.join(', ')}`);
  return word ?? (known[0] as T);
}

/** Whether it is true; absent means false. */
export function parseFlag(value: unknown, faults: Faults): boolean {
  if (value !== undefined && typeof value !== 'boolean') faults.addForm('', value, 'true or false');
  return value === true;
}

export function parseWhole(
  value: unknown,
  { min, max }: { readonly min: number; readonly max: number },
  faults: Faults,
): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  faults.addForm('', value, `a whole number from ${min} to ${max}`);
  return min;
}

/** A text of the form, of at most so many characters. */
export function parseText(
  value: unknown,
  { pattern, max }: { readonly pattern: RegExp; readonly max?: number },
  right: string,
  faults: Faults,
): string {
  if (typeof value === 'string' && pattern.test(value) && [...value].length <= (max ?? Infinity)) return value;
  return faults.addForm('', value, right);
}
