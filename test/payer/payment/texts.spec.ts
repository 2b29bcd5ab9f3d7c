import { readFileSync } from 'node:fs';
import { DomainError } from '../../../src/kernel/errors.ts';
import { checkPermittedCharacters, checkPermittedText } from '../../../src/payment/permitted-text.ts';
import { findForbiddenCharacter } from '../../../src/payment/templates/tables.ts';

describe('a text that the payer reads', () => {
  const pointer = '/initiation/creditorName';
  const detailOf = (act: () => unknown): string | undefined => {
    try {
      act();
      return undefined;
    } catch (error) {
      if (error instanceof DomainError && error.pointer === pointer) return error.detail;
      throw error;
    }
  };
  const push = (text: string): string | undefined => detailOf(() => checkPermittedText(text, pointer));
  const read = (text: string, version: 1 | 2): string | undefined =>
    detailOf(() => checkPermittedCharacters(text, pointer, version));

  it.each([
    ['a Cyrillic letter', 'Elb\u043elaget', 'Character 4, U+043E, is not permitted.'],
    ['a Greek letter', '\u0391lfa', 'Character 1, U+0391, is not permitted.'],
    ['a line break', 'a\nb', 'Character 2, U+000A, is not permitted.'],
    ['half a surrogate pair', 'ab\ud800', 'Character 3, U+D800, is not permitted.'],
    ['an emoji behind a letter of another plane', 'a\u{1f600}\u{1f601}', 'Character 2, U+1F600, is not permitted.'],
    ['a combining mark', 'Elbola\u030aget', 'Character 7, U+030A, is not permitted.'],
    ['a quotation mark that stands low', '„Ström', 'Character 1, U+201E, is not permitted.'],
    ['a soft hyphen', 'El\u00adbolaget', 'Character 3, U+00AD, is not permitted.'],
    ['a space that does not break', 'El\u00a0bolaget', 'Character 3, U+00A0, is not permitted.'],
  ])('is refused with %s, which the refusal names, and its place', (_, text, detail) => {
    expect(push(text)).toBe(detail);
    expect([read(text, 1), read(text, 2)]).toEqual([detail, detail]);
  });

  it.each([...'ȘșȚț´‘“”'])('may have %s since version 2', (character) => {
    const text = `a${character}b`;
    expect([push(text), read(text, 2)]).toEqual([undefined, undefined]);
    const name = `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`;
    expect(read(text, 1)).toBe(`Character 2, ${name}, is not permitted.`);
  });

  it('may have no other character than its version lists, in all of Unicode', () => {
    const permitted = (version: 1 | 2): number[] =>
      Array.from({ length: 0x110000 }, (_, codePoint) => codePoint).filter(
        (codePoint) => findForbiddenCharacter(version, [String.fromCodePoint(codePoint)]) < 0,
      );
    const [one, two] = [permitted(1), permitted(2)];
    expect(one).toHaveLength(95 + 3 + 190 + 3);
    expect(two.filter((codePoint) => !one.includes(codePoint))).toEqual([
      0xb4, 0x218, 0x219, 0x21a, 0x21b, 0x2018, 0x201c, 0x201d,
    ]);
    expect(one.every((codePoint) => two.includes(codePoint))).toBe(true);
  });

  it.each([
    '“Belopp”: 5',
    'X"Belopp: 5',
    'X ´Din bank: Annan',
    '‘Referens: 5',
    'Your “bank”: other',
    "Telefonsamtal': nej",
  ])('hides no label in quotation marks: %s', (text) =>
    expect(push(text)).toBe('This reads like a line of the text that the payer signs.'),
  );
});

describe('a message that stands beside the amount', () => {
  interface Message {
    readonly text: string;
    /** What a Swedish reader says. */
    readonly readsLikeAmount: boolean;
    /** The rule is known to say otherwise, and says so here until it is better. */
    readonly ruleErrs?: true;
  }
  const messages = JSON.parse(
    readFileSync(new URL('vectors/second-amounts.json', import.meta.url), 'utf8'),
  ) as Message[];
  const isRefused = (text: string): boolean => {
    try {
      checkPermittedText(text, '');
      return false;
    } catch {
      return true;
    }
  };

  it.each(messages)('is refused where it reads like an amount, and only there: $text', (message) => {
    expect(isRefused(message.text)).toBe(message.readsLikeAmount !== (message.ruleErrs ?? false));
  });

  it('is misjudged in fewer than one case in twenty', () => {
    const [amounts, others] = [true, false].map((kind) => messages.filter((row) => row.readsLikeAmount === kind));
    const errors = (rows: readonly Message[]): number =>
      rows.filter((row) => isRefused(row.text) !== row.readsLikeAmount).length;
    const rates = `amounts let through: ${errors(amounts!)} of ${amounts!.length}; others refused: ${errors(others!)} of ${others!.length}`;
    process.stderr.write(`second amounts: ${rates}\n`);
    expect(errors(amounts!) / amounts!.length).toBeLessThan(0.05);
    expect(errors(others!) / others!.length).toBeLessThan(0.05);
  });
});
