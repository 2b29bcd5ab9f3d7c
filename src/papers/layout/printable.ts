/**
 * Latin letters, digits and common marks: all that a signed text may have, and nothing that looks like another letter. Each has a
 * glyph in the fonts of the papers, which PDF/A demands (ISO 19005-2 §6.2.11.8).
 */
const PRINTED =
  /[\u0020-\u007e\u00a0-\u00ac\u00ae-\u017f\u0218-\u021b\u2010\u2011\u2013\u2014\u2018-\u201e\u2026\u20ac]/u;

/** `foreign` as it is printed: every other character by its code point, so that none hides, turns text around or breaks a line. */
export function printable(foreign: string): string {
  return Array.from(foreign, (character) => (PRINTED.test(character) ? character : escaped(character))).join('');
}

/** The same, cut off with an ellipsis beyond `most` characters. */
export function shortened(foreign: string, most: number): string {
  const printed = printable(foreign);
  return printed.length <= most ? printed : `${printed.slice(0, most - 1).trimEnd()}…`;
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
