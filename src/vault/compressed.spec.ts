import { zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { compress, decompress } from './compressed.ts';

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
const sentence = 'Begärs av: Exempelbetal AB. Belopp: 1 250,00 SEK. Betalas till: Exempelbutiken AB.';
const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

const MAX_BYTES = 4 * 1024 * 1024;

/** Bytes between marks of values, some as base64 that is cut or spelt otherwise, in each other. */
const pieces = fc.letrec<{ all: Buffer; base64: Buffer; other: Buffer }>((tie) => ({
  all: fc
    .array(fc.oneof({ maxDepth: 6 }, tie('other'), tie('base64')), { maxLength: 4 })
    .map((of) => Buffer.concat(of)),
  base64: fc
    .record({
      mark: fc.constantFrom('"', '>', ''),
      of: tie('all'),
      end: fc.constantFrom<(text: string) => string>(
        (text) => text,
        (text) => text.replace(/=+$/, ''),
        (text) => `${text}=`,
        (text) => `${text.slice(0, -1)}B`,
      ),
    })
    .map(({ mark, of, end }) => Buffer.from(mark + end(of.toString('base64')))),
  other: fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 90 }).map((text) => Buffer.from(text)),
    fc.stringMatching(/^["<>=]?[A-Za-z0-9+/]{0,90}={0,3}$/).map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes)),
    fc.constantFrom(Buffer.of(0xfe), Buffer.of(0xff), Buffer.from('\u00fe\u00ff')),
  ),
})).all;

describe('what is compressed before it is sealed', () => {
  it.each([
    ['nothing', ''],
    ['a text', sentence],
    ['base64 of a text', `{"signature":"${base64(sentence)}"}`],
    ['base64 within base64', `"${base64(`<xml>${base64(`<xml>${base64(sentence)}</xml>`)}</xml>`)}"`],
    ['base64 of bytes', `"${everyByte.toString('base64')}"`],
    ['base64 of a text beside base64 of bytes', `<a>${base64(sentence)}</a><b>${everyByte.toString('base64')}</b>`],
    ['base64 whose last character has bits too many', `"${base64(sentence.slice(0, 81)).slice(0, -3)}B=="`],
    ['base64 without its padding', `"${base64(sentence.repeat(2)).replaceAll('=', '')}"`],
    ['base64url', `"${Buffer.from('?>'.repeat(60)).toString('base64url')}"`],
  ])('comes back byte for byte: %s', (_, text) => {
    const plain = Buffer.from(text, 'utf8');
    expect(decompress(compress(plain)).equals(plain)).toBe(true);
  });

  it.each([
    ['every byte there is', everyByte],
    [
      'the bytes that stand for base64',
      Buffer.concat([Buffer.of(0xfe), Buffer.from(base64(sentence)), Buffer.of(0xff)]),
    ],
  ])('comes back byte for byte where it is no text: %s', (_, plain) => {
    expect(decompress(compress(plain)).equals(plain)).toBe(true);
  });

  it('takes no more room for a text that stands there as base64 too, and as base64 of that', () => {
    const once = compress(Buffer.from(sentence)).length;
    const repeated = JSON.stringify([sentence, base64(sentence), base64(`<data>${base64(sentence)}</data>`)]);
    expect(compress(Buffer.from(repeated)).length).toBeLessThan(once + 40);
  });

  it('is also read as a frame alone, and refused with a beginning of base64 that has no end', () => {
    const frame = zstdCompressSync(Buffer.from(sentence));
    expect(decompress(frame).toString('utf8')).toBe(sentence);
    const open = Buffer.concat([Buffer.of(1), zstdCompressSync(Buffer.of(0xfe, 0x41))]);
    expect(() => decompress(open)).toThrow('without an end');
  });

  it('comes back byte for byte whatever it is, text or bytes, with base64 in base64', () => {
    fc.assert(
      fc.property(pieces, fc.boolean(), (bytes, isText) => {
        const plain = isText ? Buffer.from(bytes.toString('utf8')) : bytes;
        expect(decompress(compress(plain)).equals(plain)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('is refused if it is too long to be read back, and comes back if it has that length', () => {
    const longest = Buffer.from(`"${'A'.repeat(MAX_BYTES - 1)}`);
    expect(decompress(compress(longest)).equals(longest)).toBe(true);
    expect(() => compress(Buffer.concat([longest, Buffer.of(0x41)]))).toThrow(RangeError);
  });

  it('is restored to no more than that, however many beginnings stand in each other', () => {
    const nested = Buffer.concat([Buffer.alloc(100_000, 0xfe), Buffer.from('A'), Buffer.alloc(100_000, 0xff)]);
    const bomb = Buffer.concat([Buffer.of(1), zstdCompressSync(nested)]);
    expect(() => decompress(bomb)).toThrow('neither compressed nor restored');
  });
});
