import { inside, readDer, tags } from '../asn1/der.ts';
import { readSmallInteger } from '../asn1/der-values.ts';
import { attempt, Malformed } from '../malformed.ts';
import { TimestampError } from './timestamp-error.ts';

/**
 * The timestamp token in an authority's answer, in DER. It is not verified.
 * @throws TimestampError `status` if the authority refused, `format`
 * @see RFC 3161 §2.4.2
 */
export function readResponse(der: Uint8Array): Buffer {
  const read = attempt(() => {
    const fields = inside(readDer(der, tags.sequence));
    const info = inside(fields.next(tags.sequence));
    const status = readSmallInteger(info.next(tags.integer));
    // The authority's free text and failure bits follow; they are its words, and no decision rests on them.
    info.optional(tags.sequence);
    info.optional(tags.bitString);
    info.end();
    const token = fields.optional(tags.sequence)?.raw;
    fields.end();
    return { status, token };
  });
  if (read instanceof Malformed) throw new TimestampError('format', read.message);
  // granted, or granted with modifications: what was granted is in the token.
  const isGranted = read.status === 0 || read.status === 1;
  if (!isGranted) throw new TimestampError('status', `the authority answered with status ${read.status}`);
  if (!read.token) throw new TimestampError('format', 'granted without a token');
  return read.token;
}
