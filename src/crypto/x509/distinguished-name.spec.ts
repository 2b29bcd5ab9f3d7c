import { readDer } from '../asn1/der.ts';
import { oids } from '../asn1/oids.ts';
import { readName } from './distinguished-name.ts';
import { Malformed } from '../malformed.ts';

/** One RDN each: [last arc of 2.5.4, value]. */
function encode(attributes: readonly (readonly [arc: number, value: string, tag?: number])[]): Buffer {
  const tlv = (tag: number, content: Buffer): Buffer => Buffer.concat([Buffer.from([tag, content.length]), content]);
  const rdns = attributes.map(([arc, value, tag = 0x0c]) =>
    tlv(0x31, tlv(0x30, Buffer.concat([Buffer.from([0x06, 0x03, 0x55, 0x04, arc]), tlv(tag, Buffer.from(value))]))),
  );
  return tlv(0x30, Buffer.concat(rdns));
}

describe('a relying party name', () => {
  it('is read attribute by attribute, in their encoded order', () => {
    const name = encode([
      [6, 'SE'],
      [10, 'Testbank A AB (publ)'],
      [5, '12345678'],
      [41, 'Test'],
      [3, 'FP 2'],
    ]);
    expect(readName(readDer(name)).attributes.map(({ type, value }) => [type, value])).toEqual([
      [oids.countryName, 'SE'],
      [oids.organizationName, 'Testbank A AB (publ)'],
      [oids.serialNumber, '12345678'],
      [oids.name, 'Test'],
      [oids.commonName, 'FP 2'],
    ]);
  });

  it('cannot make one attribute look like two', () => {
    expect(readName(readDer(encode([[3, 'a,o=b']]))).attributes).toEqual([
      expect.objectContaining({ type: oids.commonName, value: 'a,o=b' }),
    ]);
  });

  it('is refused with more attributes than any name has', () => {
    const one = encode([[3, 'a']]).subarray(2);
    const many = Buffer.concat(Array.from({ length: 101 }, () => one));
    const header = Buffer.from([0x30, 0x82, many.length >> 8, many.length & 0xff]);
    expect(() => readName(readDer(Buffer.concat([header, many])))).toThrow(Malformed);
  });

  it('is refused in another string type, or with octets that its type does not have', () => {
    expect(() => readName(readDer(encode([[3, 'a', 0x14]])))).toThrow(Malformed);
    expect(() => readName(readDer(encode([[3, 'å', 0x13]])))).toThrow(Malformed);
  });
});
