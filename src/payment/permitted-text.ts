import { labelsEn1, labelsSv1, lines, type Line } from './templates/labels.ts';
import { fault } from './reading/members.ts';
import { readsLikeAmount } from './reading/second-amount.ts';

/**
 * The code points that version 1 of the templates may show: U+0020–007E, the letters of U+00A0–017F, and – ’ €.
 * Frozen: a signed text is rendered again, and compared, many years from now. Everything that could mislead (controls, line
 * breaks, bidirectional marks, other alphabets that look like ours) is outside.
 */
const permitted: readonly (readonly [number, number])[] = Object.freeze([
  [0x20, 0x7e],
  [0xaa, 0xaa],
  [0xb5, 0xb5],
  [0xba, 0xba],
  [0xc0, 0xd6],
  [0xd8, 0xf6],
  [0xf8, 0x17f],
  [0x2013, 0x2013],
  [0x2019, 0x2019],
  [0x20ac, 0x20ac],
]);

/** Characters and spaces only; texts that read like one of our labels or like an amount are refused separately. */
export const PERMITTED_TEXT = permittedText();

/**
 * Refuses a text that must not appear in the visible text: other code points, leading, trailing or double spaces, one of our
 * own labels, a second amount. Texts are never filtered or normalised instead.
 * @param pointer JSON pointer of the text
 * @throws DomainError `initiation.invalid`
 */
export function checkPermittedText(value: string, pointer: string): void {
  checkPermittedCharacters(value, pointer);
  if (containsLabel(value)) fault(pointer, 'This reads like a line of the text that the payer signs.');
  if (readsLikeAmount(value)) fault(pointer, 'This reads like an amount of money.');
}

/**
 * The part of the rule that never changes with new templates, and therefore also applies to what was signed long ago.
 * @throws DomainError `initiation.invalid`
 */
export function checkPermittedCharacters(value: string, pointer: string): void {
  if (![...value].every(isPermitted)) fault(pointer, 'The text has a character that is not permitted.');
  if (value !== value.trim() || value.includes('  '))
    fault(pointer, 'The text has a leading, trailing or double space.');
}

function permittedText(): RegExp {
  const hex = (codePoint: number): string => `\\u${codePoint.toString(16).padStart(4, '0')}`;
  // Words of permitted characters with single spaces between them. The first range begins with U+0020, which is no part of a word.
  const word = `[${permitted.map(([first, last]) => `${hex(Math.max(first, 0x21))}-${hex(last)}`).join('')}]+`;
  return new RegExp(`^${word}(?: ${word})*$`);
}

function isPermitted(character: string): boolean {
  const codePoint = character.codePointAt(0) ?? 0;
  return permitted.some(([first, last]) => codePoint >= first && codePoint <= last);
}

/**
 * A phone breaks a long line at a space, so no word may begin with a label of an amount or a person. A label that only names a
 * reference may begin a word ("Er referens: 12"), but not the text, and must not follow a punctuation mark.
 */
function containsLabel(value: string): boolean {
  const folded = value.normalize('NFKC').toUpperCase().toLowerCase();
  return labelOfPayment.test(folded) || labelOfReference.test(folded);
}

const referenceLines: readonly Line[] = ['ocr', 'message', 'reference'];
const paymentLines = lines.filter((line) => !referenceLines.includes(line));
const letterOrDigit = '0-9a-z\\u00aa-\\u017f';
const labelOfPayment = new RegExp(`(?<![${letterOrDigit}])${oneLabelOf(paymentLines)}`);
const labelOfReference = new RegExp(`(?:^|[^ ${letterOrDigit}]) *${oneLabelOf(referenceLines)}`);

/** A pattern of the labels of these lines in all templates, spelt with or without spaces, up to the colon. */
function oneLabelOf(some: readonly Line[]): string {
  const labels = some.flatMap((line) => [labelsSv1[line], labelsEn1[line]]);
  const spelt = labels.map((label) => [...label.toLowerCase().replaceAll(' ', '')].join(' *'));
  return `(?:${spelt.join('|')}) *:`;
}
