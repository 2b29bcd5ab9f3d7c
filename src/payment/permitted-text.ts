import { labelsOfPayment, labelsOfReferences } from './templates/labels.ts';
import { findForbiddenCharacter, NEWEST, tablesOfToday, type TemplateVersion } from './templates/tables.ts';
import { fault } from './members.ts';
import { spellingsOf } from './reading/quotation-marks.ts';
import { readsLikeAmount } from './reading/second-amount.ts';

/** Characters and spaces only; texts that read like one of our labels or like an amount are refused separately. */
export const PERMITTED_TEXT = permittedText();

/**
 * Refuses a text that must not appear in the visible text: other code points, leading, trailing or double spaces, one of our
 * own labels, a second amount. Texts are never filtered or normalised instead.
 * @param pointer JSON pointer of the text
 * @throws DomainError `initiation.invalid`
 */
export function checkPermittedText(value: string, pointer: string): void {
  checkPermittedCharacters(value, pointer, NEWEST);
  if (containsLabel(value)) fault(pointer, 'This reads like a line of the text that the payer signs.');
  if (readsLikeAmount(value)) fault(pointer, 'This reads like an amount of money.');
}

/**
 * The part of the rule that never changes for a version of the templates, and therefore also applies to what was signed long ago.
 * @throws DomainError `initiation.invalid`
 */
export function checkPermittedCharacters(value: string, pointer: string, version: TemplateVersion): void {
  const characters = [...value];
  const place = findForbiddenCharacter(version, characters);
  if (place >= 0) fault(pointer, `Character ${place + 1}, ${nameOf(characters[place] ?? '')}, is not permitted.`);
  if (value !== value.trim() || value.includes('  '))
    fault(pointer, 'The text has a leading, trailing or double space.');
}

/** Registered names of a TPP and a bank, and the TPP's number, as a push took them over. */
export interface RegisteredNames {
  readonly tpp: { readonly name: string; readonly authorisationNumber: string };
  readonly bankName: string;
}

/**
 * Refuses names that no registration has, before they are shown: a row may have been altered.
 * @throws DomainError `initiation.invalid`
 */
export function checkStoredNames({ tpp, bankName }: RegisteredNames): void {
  for (const value of [tpp.name, tpp.authorisationNumber, bankName]) checkPermittedCharacters(value, '', NEWEST);
}

/** U+043E: the character itself could mislead, or be invisible. */
function nameOf(character: string): string {
  const codePoint = character.codePointAt(0) ?? 0;
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
}

function permittedText(): RegExp {
  const hex = (codePoint: number): string => `\\u${codePoint.toString(16).padStart(4, '0')}`;
  const ranges = tablesOfToday.characters.map(([first, last]) => `${hex(Math.max(first, 0x21))}-${hex(last)}`);
  // Words of permitted characters with single spaces between them. The first range begins with U+0020, which is no part of a word.
  const word = `[${ranges.join('')}]+`;
  return new RegExp(`^${word}(?: ${word})*$`);
}

/**
 * A phone breaks a long line at a space, so no word may begin with a label of an amount or a person. A label that only names a
 * reference may begin a word ("Er referens: 12"), but not the text, and must not follow a punctuation mark. Quotation marks hide
 * no label.
 */
function containsLabel(value: string): boolean {
  return spellingsOf(value).some((spelling) => {
    const folded = spelling.normalize('NFKC').toUpperCase().toLowerCase();
    return labelOfPayment.test(folded) || labelOfReference.test(folded);
  });
}

const letterOrDigit = '0-9a-z\\u00aa-\\u017f\\u0218-\\u021b';
const labelOfPayment = new RegExp(`(?<![${letterOrDigit}])${oneOf(labelsOfPayment)}`);
const labelOfReference = new RegExp(`(?:^|[^ ${letterOrDigit}]) *${oneOf(labelsOfReferences)}`);

/** A pattern of these labels, spelt with or without spaces, up to the colon. */
function oneOf(labels: readonly string[]): string {
  const spelt = labels.map((label) => [...label.toLowerCase().replaceAll(' ', '')].join(' *'));
  return `(?:${spelt.join('|')}) *:`;
}
