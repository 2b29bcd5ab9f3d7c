import { tags, type DerValue } from './der.ts';
import { Malformed } from './malformed.ts';

function expectTag(value: DerValue, tag: number): Buffer {
  if (value.tag !== tag) throw new Malformed('DER: unexpected tag');
  return value.content;
}

/** @throws Malformed unless FF or 00 @see X.690 §11.1 */
export function readBoolean(value: DerValue): boolean {
  const content = expectTag(value, tags.boolean);
  if (content.length !== 1 || (content[0] !== 0xff && content[0] !== 0x00)) throw new Malformed('DER: BOOLEAN');
  return content[0] === 0xff;
}

/** The two's complement bytes of an INTEGER (or ENUMERATED), minimal. @throws Malformed @see X.690 §8.3.2 */
export function readIntegerBytes(value: DerValue, tag: number = tags.integer): Buffer {
  const content = expectTag(value, tag);
  const [first, second] = content;
  if (first === undefined) throw new Malformed('DER: empty INTEGER');
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {
    throw new Malformed('DER: INTEGER not minimal');
  }
  return content;
}

/** A small non-negative INTEGER. @throws Malformed */
export function readSmallInteger(value: DerValue, tag: number = tags.integer): number {
  const content = readIntegerBytes(value, tag);
  if (content.length > 4 || (content[0] ?? 0) >= 0x80) throw new Malformed('DER: INTEGER out of range');
  return content.readUIntBE(0, content.length);
}

/** A BIT STRING of whole octets. @throws Malformed */
export function readBitOctets(value: DerValue): Buffer {
  const content = expectTag(value, tags.bitString);
  if (content[0] !== 0) throw new Malformed('DER: BIT STRING with unused bits');
  return content.subarray(1);
}

/** The numbers of the bits set in a named bit list, without trailing zero bits. @throws Malformed @see X.690 §11.2.2 */
export function readNamedBits(value: DerValue): ReadonlySet<number> {
  const content = expectTag(value, tags.bitString);
  const unused = content[0];
  const octets = content.subarray(1);
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
  return expectTag(value, tags.octetString);
}

/** @throws Malformed */
export function readNull(value: DerValue): void {
  if (expectTag(value, tags.null).length > 0) throw new Malformed('DER: NULL');
}

/** Dotted decimal. @throws Malformed @see X.690 §8.19 */
export function readOid(value: DerValue): string {
  const content = expectTag(value, tags.oid);
  const last = content[content.length - 1];
  if (last === undefined || last >= 0x80 || content.length > 40) throw new Malformed('DER: OBJECT IDENTIFIER');
  const arcs: number[] = [];
  let arc = 0;
  let fresh = true;
  for (const octet of content) {
    if (fresh && octet === 0x80) throw new Malformed('DER: OBJECT IDENTIFIER not minimal');
    arc = arc * 128 + (octet & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER) throw new Malformed('DER: OBJECT IDENTIFIER');
    fresh = octet < 0x80;
    if (fresh) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const [head = 0, ...tail] = arcs;
  const root = Math.min(Math.trunc(head / 40), 2);
  return [root, head - root * 40, ...tail].join('.');
}

const UTC_TIME = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
const GENERALIZED_TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;

/** UTCTime or GeneralizedTime in whole seconds of UTC. @throws Malformed @see RFC 5280 §4.1.2.5 */
export function readTime(value: DerValue): Date {
  const text = value.content.toString('latin1');
  const match = value.tag === tags.utcTime ? UTC_TIME.exec(text) : undefined;
  if (match) {
    const short = Number(match[1]);
    return instant(short < 50 ? 2000 + short : 1900 + short, match);
  }
  return readGeneralizedTime(value);
}

/** @throws Malformed @see RFC 5280 §4.1.2.5.2 */
export function readGeneralizedTime(value: DerValue): Date {
  const match = GENERALIZED_TIME.exec(expectTag(value, tags.generalizedTime).toString('latin1'));
  if (!match) throw new Malformed('DER: time');
  return instant(Number(match[1]), match);
}

function instant(year: number, match: RegExpExecArray): Date {
  const [month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(2).map(Number);
  const at = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  // Date.UTC rolls over: 31 February becomes 3 March. What does not come back was no date.
  const same = [at.getUTCMonth() + 1, at.getUTCDate(), at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()];
  if (same.join() !== [month, day, hour, minute, second].join() || year < 1950) throw new Malformed('DER: time');
  return at;
}
