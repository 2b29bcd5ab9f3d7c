import { inside, readDer, tags } from './der.ts';
import { readBoolean, readIntegerBytes, readNamedBits, readOid, readTime } from './der-values.ts';
import { Malformed } from '../malformed.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('DER', () => {
  it.each([
    ['bytes after the value', '0500 00'],
    ['an indefinite length', '3080 0000'],
    ['a length that is not minimal', '048101 00'],
    ['a length with leading zero', '04820001 00'],
    ['a length of nine octets', '0489 000000000000000001 00'],
    ['a truncated value', '0405 00'],
    ['nothing', ''],
    ['a multi-byte tag', '1f8101 00'],
  ])('refuses %s', (_title, bytes) => {
    expect(() => readDer(hex(bytes))).toThrow(Malformed);
  });

  it('refuses values nested more deeply than any certificate', () => {
    let value = Buffer.from([0x05, 0x00]);
    for (let depth = 0; depth < 30; depth++) value = Buffer.concat([Buffer.from([0x30, value.length]), value]);
    const descend = (): void => {
      for (let node = readDer(value); node.tag === tags.sequence;) node = inside(node).next();
    };
    expect(descend).toThrow('nested too deeply');
  });

  it.each([
    ['a BOOLEAN of 1', () => readBoolean(readDer(hex('010101')))],
    ['a padded INTEGER', () => readIntegerBytes(readDer(hex('02020001')))],
    ['a padded negative INTEGER', () => readIntegerBytes(readDer(hex('0202ff80')))],
    ['an empty INTEGER', () => readIntegerBytes(readDer(hex('0200')))],
    ['an OID with a padded arc', () => readOid(readDer(hex('06032a8001')))],
    ['an OID that ends within an arc', () => readOid(readDer(hex('06022a80')))],
    ['a bit list with trailing zero bits', () => readNamedBits(readDer(hex('03020640 '.replace('0640', '0540'))))],
    ['a bit list with bits among the unused', () => readNamedBits(readDer(hex('03020641')))],
    ['the 31st of February', () => readTime(readDer(Buffer.concat([hex('170d'), Buffer.from('260231120000Z')])))],
    ['a time with an offset', () => readTime(readDer(Buffer.concat([hex('1711'), Buffer.from('260201120000+0100')])))],
    ['a time with fractions', () => readTime(readDer(Buffer.concat([hex('1811'), Buffer.from('20260201120000.1Z')])))],
  ])('refuses %s', (_title, read) => {
    expect(read).toThrow(Malformed);
  });

  it('refuses more values, and more bits, than there is room for', () => {
    const wrapped = (tag: number, content: Buffer): Buffer =>
      Buffer.concat([
        Buffer.from([tag, 0x83, ...[16, 8, 0].map((shift) => (content.length >> shift) & 0xff)]),
        content,
      ]);
    const many = wrapped(tags.sequence, Buffer.from('0500'.repeat(250_001), 'hex'));
    expect(() => inside(readDer(many)).rest()).toThrow(Malformed);
    const bits = wrapped(tags.bitString, Buffer.concat([Buffer.of(0), Buffer.alloc(2_200_000, 0xff)]));
    expect(() => readNamedBits(readDer(bits))).toThrow(Malformed);
  });

  it('reads what is minimal', () => {
    expect(readOid(readDer(hex('06092a864886f70d01010b')))).toBe('1.2.840.113549.1.1.11');
    expect(readOid(readDer(hex('0603883703')))).toBe('2.999.3');
    expect([...readNamedBits(readDer(hex('03020106')))]).toEqual([5, 6]);
    expect(readTime(readDer(Buffer.concat([hex('170d'), Buffer.from('491231235959Z')])))).toEqual(
      new Date('2049-12-31T23:59:59Z'),
    );
    expect(readTime(readDer(Buffer.concat([hex('170d'), Buffer.from('500101000000Z')])))).toEqual(
      new Date('1950-01-01T00:00:00Z'),
    );
  });
});
