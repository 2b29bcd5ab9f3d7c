/** A DER writer that shares nothing with the reader under test. */
export function tlv(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const hex = content.length.toString(16);
  const length = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, content]);
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => tlv(0x30, ...parts);
export const octets = (...parts: readonly Uint8Array[]): Buffer => tlv(0x04, ...parts);
export const bits = (content: Uint8Array, unused = 0): Buffer => tlv(0x03, Buffer.from([unused]), content);
export const integer = (content: Uint8Array): Buffer => tlv(0x02, content);
export const derTrue = tlv(0x01, Buffer.from([0xff]));
export const derNull = tlv(0x05);

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const base128 = (arc: number): number[] => {
    const digits = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) digits.unshift(0x80 | (left % 128));
    return digits;
  };
  return tlv(0x06, Buffer.from([first * 40 + second, ...rest].flatMap(base128)));
}

const compact = (at: Date): string => at.toISOString().replace(/[-:T]|\.\d+/g, '');

export const generalizedTime = (at: Date): Buffer => tlv(0x18, Buffer.from(compact(at)));
export const time = (at: Date): Buffer =>
  at.getUTCFullYear() < 2050 ? tlv(0x17, Buffer.from(compact(at).slice(2))) : generalizedTime(at);

/** RDNs in order: [type, value]. */
export type Name = readonly (readonly [type: string, value: string])[];

export const encodeName = (name: Name): Buffer =>
  sequence(
    ...name.map(([type, value]) =>
      tlv(0x31, sequence(oid(type), tlv(type === '2.5.4.6' ? 0x13 : 0x0c, Buffer.from(value)))),
    ),
  );

const signatureOids = {
  sha1: '1.2.840.113549.1.1.5',
  sha256: '1.2.840.113549.1.1.11',
  sha512: '1.2.840.113549.1.1.13',
};
export type Hash = keyof typeof signatureOids;
export const signatureAlgorithm = (hash: Hash): Buffer => sequence(oid(signatureOids[hash]), derNull);

export const extension = (type: string, value: Uint8Array, critical = false): Buffer =>
  sequence(oid(type), ...(critical ? [derTrue] : []), octets(value));

export const extensions = {
  ca: (pathLength?: number): Buffer =>
    extension(
      '2.5.29.19',
      sequence(derTrue, ...(pathLength === undefined ? [] : [integer(Buffer.from([pathLength]))])),
      true,
    ),
  notCa: extension('2.5.29.19', sequence(), true),
  certSign: extension('2.5.29.15', bits(Buffer.from([0x06]), 1), true),
  nonRepudiation: extension('2.5.29.15', bits(Buffer.from([0x40]), 6), true),
  digitalSignature: extension('2.5.29.15', bits(Buffer.from([0x80]), 7), true),
  bothUses: extension('2.5.29.15', bits(Buffer.from([0xc0]), 6), true),
  policy: (...policies: readonly string[]): Buffer =>
    extension('2.5.29.32', sequence(...policies.map((p) => sequence(oid(p))))),
  ocspSigning: extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.9')), true),
  noCheck: extension('1.3.6.1.5.5.7.48.1.5', derNull),
  nonce: (value: Uint8Array): Buffer => extension('1.3.6.1.5.5.7.48.1.2', value, true),
  unknown: (critical: boolean): Buffer => extension('1.2.752.999.1', derNull, critical),
};
