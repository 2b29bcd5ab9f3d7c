import { labelsEn1, labelsSv1, lines, type Line } from './templates/labels.ts';
import { fault } from './reading/members.ts';
import { readsLikeAmount } from './reading/second-amount.ts';

/**
 * The code points that version 1 of the templates may show: U+0020–007E, the letters of U+00A0–017F, and – ’ €.
 * Frozen: a signed text is made again, and compared, many years from now. Everything that could mislead (controls, line
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

/** The characters and spaces alone: what reads like a label of ours or like an amount is looked at besides. */
export const PERMITTED_TEXT = permittedText();

/**
 * Refuses a text that must not stand in the visible text: foreign code points, spaces at an end or two together, one of our
 * own labels, a second amount. Nothing is ever filtered or normalised instead.
 * @param pointer JSON pointer of the text
 * @throws DomainError `initiation.invalid`
 */
export function checkPermittedText(value: string, pointer: string): void {
  checkPermittedCharacters(value, pointer);
  if (containsLabel(value)) fault(pointer, 'This reads like a line of the text that the payer signs.');
  if (readsLikeAmount(value)) fault(pointer, 'This reads like an amount of money.');
}

/**
 * The part of the rule that never changes with new templates, and therefore also holds for what was signed long ago.
 * @throws DomainError `initiation.invalid`
 */
export function checkPermittedCharacters(value: string, pointer: string): void {
  if (![...value].every(isPermitted)) fault(pointer, 'This holds a character that is not permitted.');
  if (value !== value.trim() || value.includes('  ')) fault(pointer, 'This has a leading, trailing or double space.');
}

function permittedText(): RegExp {
  const hex = (codePoint: number): string => `\\u${codePoint.toString(16).padStart(4, '0')}`;
  // ReportPhrases of permitted characters with one space between: U+0020 begins the first range.
  const word = `[${permitted.map(([first, last]) => `${hex(Math.max(first, 0x21))}-${hex(last)}`).join('')}]+`;
  return new RegExp(`^${word}(?: ${word})*$`);
}

function isPermitted(character: string): boolean {
  const codePoint = character.codePointAt(0) ?? 0;
  return permitted.some(([first, last]) => codePoint >= first && codePoint <= last);
}

/**
 * A phone breaks a long line at a space, so that a label of money or people may begin no word; what merely names a reference may
 * ("Er referens: 12"), but not begin the text or follow a mark.
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
