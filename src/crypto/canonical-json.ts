import canonicalize from 'canonicalize';
import type { JsonValue } from '../kernel/json.ts';
import { Malformed } from './malformed.ts';

/**
 * The one spelling of a JSON value: members sorted by UTF-16 code units, no white space, ECMAScript numbers.
 * @throws Malformed for a value JSON cannot express
 * @see RFC 8785
 */
export function canonicalJson(value: JsonValue): string {
  const text = canonicalize(value);
  if (text === undefined) throw new Malformed('not a JSON value');
  return text;
}

/**
 * Reads UTF-8 JSON without byte order mark. A member that stands twice is refused in either form: some readers take the
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
  if (form === 'any' && countNames(text) !== countMembers(value)) throw new Malformed('a JSON member twice');
  return value;
}

/** How many member names a JSON text has. */
function countNames(text: string): number {
  let names = 0;
  let start = text.indexOf('"');
  while (start !== -1) {
    let end = start + 1;
    while (text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
    end++;
    while (/\s/.test(text[end] ?? '')) end++;
    if (text[end] === ':') names++;
    start = text.indexOf('"', end);
  }
  return names;
}

/** How many members its value has. Without recursion: depth costs no stack. */
function countMembers(root: JsonValue): number {
  const open = [root];
  let members = 0;
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const inner: readonly JsonValue[] = Array.isArray(value) ? value : Object.values(value);
    if (!Array.isArray(value)) members += inner.length;
    for (const one of inner) open.push(one);
  }
  return members;
}
