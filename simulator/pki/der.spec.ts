import {
  bitString,
  certificateTime,
  generalizedTime,
  integer,
  objectIdentifier,
  octetString,
  smallInteger,
} from './der.ts';

const hex = (bytes: Buffer): string => bytes.toString('hex');

describe('the DER writer', () => {
  it('writes lengths in their shortest form (X.690 §8.1.3)', () => {
    expect(hex(octetString(Buffer.alloc(127)).subarray(0, 2))).toBe('047f');
    expect(hex(octetString(Buffer.alloc(128)).subarray(0, 3))).toBe('048180');
    expect(hex(octetString(Buffer.alloc(256)).subarray(0, 4))).toBe('04820100');
  });

  it('writes integers without needless zeros and never negative', () => {
    expect(hex(smallInteger(0))).toBe('020100');
    expect(hex(smallInteger(127))).toBe('02017f');
    expect(hex(smallInteger(128))).toBe('02020080');
    expect(hex(integer(Buffer.from('00008f', 'hex')))).toBe('0202008f');
  });

  it('writes object identifiers with large arcs (rsaEncryption)', () => {
    expect(hex(objectIdentifier('1.2.840.113549.1.1.1'))).toBe('06092a864886f70d010101');
  });

  it('writes bit strings with their unused bits', () => {
    expect(hex(bitString(Buffer.from([0x40]), 6))).toBe('03020640');
  });

  it('writes UTCTime before 2050 and GeneralizedTime from then on', () => {
    expect(certificateTime(new Date('2026-11-22T08:00:00Z')).subarray(2).toString()).toBe('261122080000Z');
    expect(certificateTime(new Date('2050-01-01T00:00:00Z')).subarray(2).toString()).toBe('20500101000000Z');
    expect(generalizedTime(new Date('2026-11-22T08:00:00.999Z')).subarray(2).toString()).toBe('20261122080000Z');
  });
});
