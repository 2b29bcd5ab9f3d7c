import { tags, type DerValue } from './der.ts';
import { Malformed } from '../malformed.ts';

function expectTag(value: DerValue, tag: number): void {
  if (value.tag !== tag) throw new Malformed('DER: unexpected tag');
}

/** @throws Malformed unless FF or 00 @see X.690 §11.1 */
export function readBoolean(value: DerValue): boolean {
  expectTag(value, tags.boolean);
  const octet = value.at(0);
  if (value.length !== 1 || (octet !== 0xff && octet !== 0x00)) throw new Malformed('DER: BOOLEAN');
  return octet === 0xff;
}

/** The two's complement bytes of an INTEGER (or ENUMERATED), minimal. @throws Malformed @see X.690 §8.3.2 */
export function readIntegerBytes(value: DerValue, tag: number = tags.integer): Buffer {
  expectTag(value, tag);
  const [first, second] = [value.at(0), value.at(1)];
  if (first === undefined) throw new Malformed('DER: empty INTEGER');
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {
    throw new Malformed('DER: INTEGER not minimal');
  }
  return value.content;
}

/** A small non-negative INTEGER. @throws Malformed */
export function readSmallInteger(value: DerValue, tag: number = tags.integer): number {
  const content = readIntegerBytes(value, tag);
  if (content.length > 4 || (content[0] ?? 0) >= 0x80) throw new Malformed('DER: INTEGER out of range');
  return content.readUIntBE(0, content.length);
}

/** A BIT STRING of whole octets. @throws Malformed */
export function readBitOctets(value: DerValue): Buffer {
  expectTag(value, tags.bitString);
  if (value.at(0) !== 0) throw new Malformed('DER: BIT STRING with unused bits');
  return value.content.subarray(1);
}

/** The longest named bit list that is read has nine bits. */
const MAX_BIT_OCTETS = 4;

/** The numbers of the bits set in a named bit list, without trailing zero bits. @throws Malformed @see X.690 §11.2.2 */
export function readNamedBits(value: DerValue): ReadonlySet<number> {
  expectTag(value, tags.bitString);
  const unused = value.at(0);
  const octets = value.content.subarray(1);
  if (octets.length > MAX_BIT_OCTETS) throw new Malformed('DER: BIT STRING');
  if (unused === undefined || unused > 7 || (octets.length === 0 && unused > 0)) throw new Malformed('DER: BIT STRING');
  const last = octets[octets.length - 1] ?? 0;
  if (octets.length > 0 && (last & ((2 << unused) - 1)) !== 1 << unused) throw new Malformed('DER: BIT STRING padding');
  const bits = new Set<number>();
  octets.forEach((octet, index) => {
    for (let bit = 0; bit < 8; bit++) if (octet & (0x80 >> bit)) bits.add(index * 8 + bit);
  });
  return bits;
}

export function readOctets(value: DerValue): Buffer {
  expectTag(value, tags.octetString);
  return value.content;
}

/** @param tag another tag if the NULL is tagged implicitly @throws Malformed */
export function readNull(value: DerValue, tag: number = tags.null): void {
  expectTag(value, tag);
  if (value.length > 0) throw new Malformed('DER: NULL');
}

/** Dotted decimal. @throws Malformed @see X.690 §8.19 */
export function readOid(value: DerValue): string {
  expectTag(value, tags.oid);
  const last = value.at(value.length - 1);
  if (last === undefined || last >= 0x80 || value.length > 40) throw new Malformed('DER: OBJECT IDENTIFIER');
  let oid = '';
  let arc = 0;
  let startsArc = true;
  for (let index = 0; index < value.length; index++) {
    const octet = value.at(index) ?? 0;
    if (startsArc && octet === 0x80) throw new Malformed('DER: OBJECT IDENTIFIER not minimal');
    arc = arc * 128 + (octet & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER) throw new Malformed('DER: OBJECT IDENTIFIER');
    startsArc = octet < 0x80;
    if (!startsArc) continue;
    oid = oid === '' ? firstArcs(arc) : `${oid}.${arc}`;
    arc = 0;
  }
  return oid;
}

/** The first number holds two arcs, of which the first is 0, 1 or 2. @see X.690 §8.19.4 */
function firstArcs(number: number): string {
  const root = Math.min(Math.trunc(number / 40), 2);
  return `${root}.${number - root * 40}`;
}

/** UTCTime or GeneralizedTime in whole seconds of UTC. @throws Malformed @see RFC 5280 §4.1.2.5 */
export function readTime(value: DerValue): Date {
  if (value.tag !== tags.utcTime) return readGeneralizedTime(value);
  if (value.length !== 13) throw new Malformed('DER: time');
  const short = readDigits(value, 0, 2);
  return readInstant(value, short < 50 ? 2000 + short : 1900 + short, 2);
}

/** @throws Malformed @see RFC 5280 §4.1.2.5.2 */
export function readGeneralizedTime(value: DerValue): Date {
  expectTag(value, tags.generalizedTime);
  if (value.length !== 15) throw new Malformed('DER: time');
  return readInstant(value, readDigits(value, 0, 4), 4);
}

const UPPER_Z = 0x5a;

/** MMDDHHMMSSZ from `start`. */
function readInstant(value: DerValue, year: number, start: number): Date {
  const [month, day] = [readDigits(value, start, 2), readDigits(value, start + 2, 2)];
  const hour = readDigits(value, start + 4, 2);
  const minute = readDigits(value, start + 6, 2);
  const second = readDigits(value, start + 8, 2);
  const at = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  // Date.UTC rolls over: 31 February becomes 3 March. So the result is compared with what was read.
  const isDate = at.getUTCMonth() + 1 === month && at.getUTCDate() === day;
  const isTime = hour < 24 && minute < 60 && second < 60;
  if (value.at(start + 10) !== UPPER_Z || !isDate || !isTime || year < 1950) throw new Malformed('DER: time');
  return at;
}

function readDigits(value: DerValue, start: number, count: number): number {
  let number = 0;
  for (let index = start; index < start + count; index++) {
    const digit = (value.at(index) ?? 0) - 0x30;
    if (digit < 0 || digit > 9) throw new Malformed('DER: time');
    number = number * 10 + digit;
  }
  return number;
}
