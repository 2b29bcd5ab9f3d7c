import fc from 'fast-check';
import { decodeBase64, isBase64 } from './base64.ts';
import { attempt, Malformed } from './malformed.ts';

describe('base64', () => {
  it.each(['YQ', 'YR==', 'Y Q==', 'YQ==\n', 'YQ=', '-_-_', 'YQ==YQ==', 'ÅÄÖ=', '='])('refuses %j', (text) => {
    expect(() => decodeBase64(text)).toThrow(Malformed);
    expect(isBase64(text)).toBe(false);
  });

  it('reads the one spelling', () => {
    expect(decodeBase64('')).toHaveLength(0);
    expect(decodeBase64('YQ==').toString()).toBe('a');
  });

  it('knows the one spelling of any octets, short or long, and no spelling of one character changed', () => {
    const change = fc.tuple(fc.nat(), fc.constantFrom(...'AQgwBZaz09+/=-_ \n'));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), change, (octets, [place, character]) => {
        const text = Buffer.from(octets).toString('base64');
        const at = place % (text.length + 1);
        const other = text.slice(0, at) + character + text.slice(at + 1);
        return isBase64(text) && isBase64(other) === !(attempt(() => decodeBase64(other)) instanceof Malformed);
      }),
    );
  });
});
