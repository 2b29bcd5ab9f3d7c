import fc from 'fast-check';
import { decodeBase64, findBase64 } from './base64.ts';
import { Malformed } from './malformed.ts';

const long = 'QUJD'.repeat(50);

/** By the definition: what comes back letter by letter. */
const isOneSpelling = (text: string): boolean => Buffer.from(text, 'base64').toString('base64') === text;

describe('base64', () => {
  it.each(['YQ', 'YR==', 'Y Q==', 'YQ==\n', 'YQ=', '-_-_', 'YQ==YQ==', 'ÅÄÖ=', '=', '====', 'Y==='])(
    'refuses %j, short or at the end or the beginning of a long text',
    (text) => {
      for (const whole of [text, `${long}${text}`, `${text}${long}`]) {
        expect(() => decodeBase64(whole)).toThrow(Malformed);
        expect(findBase64(whole)).toBeUndefined();
      }
    },
  );

  it('reads the one spelling', () => {
    expect(decodeBase64('')).toHaveLength(0);
    expect(decodeBase64('YQ==').toString()).toBe('a');
    expect(decodeBase64(`${long}YQ==`)).toEqual(Buffer.from(`${'ABC'.repeat(50)}a`));
  });

  it('refuses characters whose lower half would be a letter of the alphabet', () => {
    const alike = String.fromCharCode(0x141);
    expect(findBase64(`${long}${alike}BCD`)).toBeUndefined();
    expect(findBase64(`${alike}BCD`)).toBeUndefined();
  });

  it('knows the one spelling of any octets, short or long, and no spelling of some characters changed', () => {
    const change = fc.tuple(fc.nat(), fc.nat(3), fc.constantFrom(...'AQgwBZaz09+/=-_ \nÅŁ', '=='));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), change, (octets, [place, count, character]) => {
        const text = Buffer.from(octets).toString('base64');
        const at = place % (text.length + 1);
        const other = text.slice(0, at) + character + text.slice(at + count);
        const found = findBase64(other);
        return (
          findBase64(text)?.equals(octets) === true &&
          (found === undefined ? !isOneSpelling(other) : found.toString('base64') === other)
        );
      }),
      { numRuns: 2_000 },
    );
  });
});
