/**
 * A writer of DER (ITU-T X.690), apart from the service's own in src/crypto/asn1 on purpose: what the simulator writes is read by
 * the verifier's reader, by OpenSSL and by xmlsec1, so that no misunderstanding can be shared.
 */

/** Tag, definite length in its shortest form, contents. */
function tlv(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag, ...lengthOctets(body.length)]), body]);
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}

export const sequence = (...items: readonly Uint8Array[]): Buffer => tlv(0x30, ...items);
export const set = (...items: readonly Uint8Array[]): Buffer => tlv(0x31, ...items);
export const octetString = (...bytes: readonly Uint8Array[]): Buffer => tlv(0x04, ...bytes);
export const utf8String = (text: string): Buffer => tlv(0x0c, Buffer.from(text, 'utf8'));
export const printableString = (text: string): Buffer => tlv(0x13, Buffer.from(text, 'ascii'));
export const bmpString = (text: string): Buffer => tlv(0x1e, Buffer.from(text, 'utf16le').swap16());
export const ia5Bytes = (text: string): Buffer => Buffer.from(text, 'ascii');
export const derNull = (): Buffer => tlv(0x05);
export const derTrue = (): Buffer => tlv(0x01, Buffer.from([0xff]));
export const enumerated = (value: number): Buffer => tlv(0x0a, Buffer.from([value]));

/** `unusedBits` counts from the least significant bit of the last byte. */
export const bitString = (bytes: Uint8Array, unusedBits = 0): Buffer => tlv(0x03, Buffer.from([unusedBits]), bytes);

/** EXPLICIT (or IMPLICIT constructed) context tag. */
export const context = (number: number, ...contents: readonly Uint8Array[]): Buffer => tlv(0xa0 | number, ...contents);

/** IMPLICIT primitive context tag. */
export const contextPrimitive = (number: number, ...contents: readonly Uint8Array[]): Buffer =>
  tlv(0x80 | number, ...contents);

/** A non-negative INTEGER from its big-endian bytes. */
export function integer(bytes: Uint8Array): Buffer {
  let first = 0;
  while (first < bytes.length - 1 && bytes[first] === 0) first += 1;
  const body = bytes.subarray(first);
  return (body[0] ?? 0) >= 0x80 ? tlv(0x02, Buffer.from([0]), body) : tlv(0x02, body);
}

export function smallInteger(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return integer(bytes);
}

/** OBJECT IDENTIFIER from its dotted form. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return tlv(0x06, Buffer.from([first * 40 + second, ...rest].flatMap(base128)));
}

function base128(value: number): number[] {
  const octets = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) octets.unshift(0x80 | (rest % 128));
  return octets;
}

/** UTCTime until 2049, as RFC 5280 §4.1.2.5 requires. */
export function certificateTime(at: Date): Buffer {
  const digits = compactTime(at);
  return at.getUTCFullYear() < 2050 ? tlv(0x17, ia5Bytes(`${digits.slice(2)}Z`)) : tlv(0x18, ia5Bytes(`${digits}Z`));
}

/** GeneralizedTime in whole seconds, UTC (RFC 6960 §4.2.2.1). */
export const generalizedTime = (at: Date): Buffer => tlv(0x18, ia5Bytes(`${compactTime(at)}Z`));

function compactTime(at: Date): string {
  return at.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '');
}
