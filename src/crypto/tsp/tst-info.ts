import { inside, readDer, tags, type DerCursor, type DerValue } from '../asn1/der.ts';
import { readBoolean, readIntegerBytes, readOctets, readOid, readSmallInteger, readTime } from '../asn1/der-values.ts';
import { Malformed } from '../malformed.ts';
import { readHash } from '../signature-scheme.ts';
import { readExtensions } from '../x509/extensions.ts';
import type { Imprint } from './request.ts';

/** @see RFC 3161 §2.4.2 */
export interface TstInfo {
  readonly policy: string;
  readonly imprint: Imprint;
  readonly serial: Buffer;
  readonly time: Date;
  /** Rounded up to whole milliseconds; 0 if the authority gives none. */
  readonly accuracyMs: number;
  /** Content octets of the INTEGER. */
  readonly nonce: Buffer | undefined;
  /** A GeneralName in DER. */
  readonly authority: Buffer | undefined;
}

/**
 * Reads a TSTInfo in DER. A critical extension is refused: none is known.
 * @throws Malformed
 * @see RFC 3161 §2.4.2
 */
export function readTstInfo(der: Uint8Array): TstInfo {
  const fields = inside(readDer(der, tags.sequence));
  if (readSmallInteger(fields.next(tags.integer)) !== 1) throw new Malformed('TSTInfo: version');
  const policy = readOid(fields.next(tags.oid));
  const imprint = readImprint(inside(fields.next(tags.sequence)));
  const serial = readIntegerBytes(fields.next(tags.integer));
  const time = readGenTime(fields.next(tags.generalizedTime));
  const accuracy = fields.optional(tags.sequence);
  const ordering = fields.optional(tags.boolean);
  if (ordering && !readBoolean(ordering)) throw new Malformed('DER: encoded DEFAULT');
  const nonce = fields.optional(tags.integer);
  const authority = fields.optional(0xa0);
  const extensions = fields.optional(0xa1);
  fields.end();
  if (extensions && readExtensions(inside(extensions)).some(({ critical }) => critical)) {
    throw new Malformed('TSTInfo: critical extension');
  }
  return {
    policy,
    imprint,
    serial,
    time,
    accuracyMs: accuracy ? readAccuracy(inside(accuracy)) : 0,
    nonce: nonce && readIntegerBytes(nonce),
    authority: authority?.content,
  };
}

function readImprint(fields: DerCursor): Imprint {
  const algorithm = readHash(fields.next(tags.sequence));
  const digest = readOctets(fields.next(tags.octetString));
  fields.end();
  return { algorithm, digest };
}

function readAccuracy(fields: DerCursor): number {
  const seconds = fields.optional(tags.integer);
  const [millis, micros] = [fields.optional(0x80), fields.optional(0x81)];
  fields.end();
  const small = (value: DerValue | undefined, tag: number): number => (value ? readSmallInteger(value, tag) : 0);
  const [ms, us] = [small(millis, 0x80), small(micros, 0x81)];
  if (ms > 999 || us > 999) throw new Malformed('TSTInfo: accuracy');
  return small(seconds, tags.integer) * 1000 + ms + (us > 0 ? 1 : 0);
}

/** YYYYMMDDhhmmss[.s…]Z without trailing zeros; what is finer than a millisecond is cut off. @see RFC 3161 §2.4.2 */
function readGenTime(value: DerValue): Date {
  const text = value.content.toString('latin1');
  const fraction = /^\d{14}\.(\d*[1-9])Z$/.exec(text)?.[1];
  if (fraction === undefined) return readTime(value);
  const whole = Buffer.from(`${text.slice(0, 14)}Z`, 'latin1');
  const seconds = readTime(readDer(Buffer.concat([Buffer.from([tags.generalizedTime, whole.length]), whole])));
  return new Date(seconds.getTime() + Number(fraction.padEnd(3, '0').slice(0, 3)));
}
