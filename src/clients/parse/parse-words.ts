import type { Faults } from './faults.ts';

/** An array of at least one of `known`, none of them twice. */
export function parseWords<const T extends string>(value: unknown, known: readonly T[], faults: Faults): readonly T[] {
  const words: readonly unknown[] = Array.isArray(value) ? value : [];
  const isKnown = (word: unknown): word is T => known.some((one) => one === word);
  if (words.length > 0 && words.every(isKnown) && new Set(words).size === words.length) return words;
  faults.add('', `is not an array of some of ${known.join(', ')}, each once`);
  return [];
}
