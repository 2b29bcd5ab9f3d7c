import canonicalize from 'canonicalize';
import { hasMemberTwice, isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.ts';
import { attempt, Malformed } from '../malformed.ts';

/**
 * The canonical text of a JSON value: members sorted by UTF-16 code units, no white space, ECMAScript numbers.
 * @throws Malformed for a value that JSON cannot express, a surrogate that stands alone, and a number beyond double precision
 * @see RFC 8785 §3.2.2
 */
export function canonicalJson(value: JsonValue): string {
  let text: string | undefined;
  try {
    text = canonicalize(value);
  } catch {
    throw new Malformed('JSON without a canonical form');
  }
  if (text === undefined) throw new Malformed('not a JSON value');
  return text;
}

/** What a text may hold that has no canonical form: half of an escaped surrogate pair, or a number that is not finite. */
const SUSPECT = /\\u[dD]|\d[eE]\+?\d|\d{309}/;

/**
 * Reads UTF-8 JSON without byte order mark. A duplicate member is refused in either form: some readers take the
 * first, others the last.
 * @throws Malformed
 * @see RFC 8259, RFC 8785
 */
export function parseJson(bytes: Uint8Array, form: 'canonical' | 'any'): JsonValue {
  let value: JsonValue;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text) as JsonValue;
  } catch {
    throw new Malformed('not JSON in UTF-8');
  }
  if (form === 'canonical' && canonicalJson(value) !== text) throw new Malformed('not canonical JSON');
  if (form === 'any' && hasMemberTwice(text, value)) throw new Malformed('duplicate JSON member');
  // What readers understand differently has no canonical form. @see RFC 7493 §2.1, §2.2
  if (form === 'any' && SUSPECT.test(text)) canonicalJson(value);
  return value;
}

/** The JSON object, in any spelling, that the octets hold; undefined if they hold none, or there are no octets. */
export function findObject(bytes: Uint8Array | undefined): JsonObject | undefined {
  const value = bytes && attempt(() => parseJson(bytes, 'any'));
  return value !== undefined && !(value instanceof Malformed) && isJsonObject(value) ? value : undefined;
}
