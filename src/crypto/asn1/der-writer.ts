/**
 * Writes DER: definite lengths in their shortest form, and nothing optional. The simulator has a writer of its own on purpose: it
 * stands for other parties, so that a mistake here shows in what the two say to each other.
 * @see ITU-T X.690 §10
 */

function encode(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag, ...lengthOctets(body.length)]), body]);
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}

export const sequence = (...items: readonly Uint8Array[]): Buffer => encode(0x30, ...items);
export const octetString = (bytes: Uint8Array): Buffer => encode(0x04, bytes);
export const nullValue = (): Buffer => encode(0x05);
export const trueValue = (): Buffer => encode(0x01, Buffer.from([0xff]));

/** A SET OF, its members in ascending order of their encodings. @see X.690 §11.6 */
export const setOf = (items: readonly Uint8Array[]): Buffer =>
  encode(0x31, ...items.toSorted((a, b) => Buffer.compare(a, b)));

/** A constructed value under a context tag: EXPLICIT, or IMPLICIT over a SEQUENCE or SET. */
export const context = (number: number, ...contents: readonly Uint8Array[]): Buffer =>
  encode(0xa0 | number, ...contents);

/** A non-negative INTEGER from its big-endian octets. */
export function integer(octets: Uint8Array): Buffer {
  let first = 0;
  while (first < octets.length - 1 && octets[first] === 0) first += 1;
  const body = octets.subarray(first);
  return (body[0] ?? 0x80) >= 0x80 ? encode(0x02, Buffer.from([0]), body) : encode(0x02, body);
}

/** An INTEGER from 0 to 2³² − 1. */
export function smallInteger(value: number): Buffer {
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(value);
  return integer(octets);
}

/** An OBJECT IDENTIFIER from its dotted form. */
export function objectIdentifier(dotted: string): Buffer {
  const [root = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return encode(0x06, Buffer.from([root * 40 + second, ...rest].flatMap(base128)));
}

function base128(value: number): number[] {
  const octets = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) octets.unshift(0x80 | (rest % 128));
  return octets;
}

/** UTCTime from 1950 to 2049, GeneralizedTime otherwise, in whole seconds. @see RFC 5652 §11.3 */
export function time(at: Date): Buffer {
  const digits = at.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '');
  const year = at.getUTCFullYear();
  const isShort = year >= 1950 && year < 2050;
  return encode(isShort ? 0x17 : 0x18, Buffer.from(`${isShort ? digits.slice(2) : digits}Z`, 'ascii'));
}
