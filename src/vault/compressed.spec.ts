import { zstdCompressSync } from 'node:zlib';
import { compress, decompress } from './compressed.ts';

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
const sentence = 'Begärs av: Exempelbetal AB. Belopp: 1 250,00 SEK. Betalas till: Exempelbutiken AB.';
const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

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
});
