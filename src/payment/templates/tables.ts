import type { Currency } from '../money.ts';

/** Both languages of a version show the same lines of the same facts. */
export type TemplateVersion = 1 | 2;

/** A Swedish OCR number, or a creditor reference of ISO 11649. */
export type ReferenceType = 'OCR' | 'RF';

/** What may be used in the texts and data of a version. Frozen, except that a currency may be added to the newest version. */
interface Tables {
  /** First and last code point of each range. */
  readonly characters: readonly (readonly [number, number])[];
  readonly currencies: readonly Currency[];
  readonly referenceTypes: readonly ReferenceType[];
}

/** U+0020–007E, the letters of U+00A0–017F, and – ’ €. Controls, line breaks, bidirectional marks and other alphabets are outside. */
const characters1: Tables['characters'] = [
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
];

/** In addition: the Romanian Ș ș Ț ț with a comma below, ´ and “ ” ‘. */
const characters2: Tables['characters'] = [
  ...characters1,
  [0xb4, 0xb4],
  [0x218, 0x21b],
  [0x2018, 0x2018],
  [0x201c, 0x201d],
];

/** ISO 4217 currencies of the EEA as they were before Bulgaria had the euro. */
const currencies1: readonly Currency[] = ['SEK', 'EUR', 'NOK', 'DKK', 'ISK', 'CHF', 'PLN', 'CZK', 'HUF', 'RON', 'BGN'];

/** ISO 4217 currencies of the EEA. Bulgaria has used the euro since 2026-01-01. */
const currencies2: readonly Currency[] = ['SEK', 'EUR', 'NOK', 'DKK', 'ISK', 'CHF', 'PLN', 'CZK', 'HUF', 'RON'];

const tables: Readonly<Record<TemplateVersion, Tables>> = Object.freeze({
  1: { characters: characters1, currencies: currencies1, referenceTypes: ['OCR'] },
  2: { characters: characters2, currencies: currencies2, referenceTypes: ['OCR', 'RF'] },
});

/** The version of new orders, and the one whose tables a push must keep to. */
export const NEWEST: TemplateVersion = 2;

/** The tables of new payments. */
export const tablesOfToday: Tables = tables[NEWEST];

/**
 * Whether data that were signed in this version can have the currency: what a newer version lacks is refused only at the push, so
 * the tables of the earlier versions count too.
 */
export function isCurrencyOf(version: TemplateVersion, currency: Currency): boolean {
  return upTo(version).some(({ currencies }) => currencies.includes(currency));
}

/** Whether data that were signed in this version can have a reference of this type. */
export function isReferenceTypeOf(version: TemplateVersion, type: string): type is ReferenceType {
  return upTo(version).some(({ referenceTypes }) => referenceTypes.some((known) => known === type));
}

/** The place of the first character that the version does not permit, counted in code points from 0; -1 if there is none. */
export function findForbiddenCharacter(version: TemplateVersion, characters: readonly string[]): number {
  const ranges = tables[version].characters;
  return characters.findIndex((character) => {
    const codePoint = character.codePointAt(0) ?? 0;
    return !ranges.some(([first, last]) => codePoint >= first && codePoint <= last);
  });
}

function upTo(version: TemplateVersion): readonly Tables[] {
  return version === 1 ? [tables[1]] : [tables[1], tables[2]];
}
