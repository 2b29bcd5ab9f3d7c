import { Malformed } from './malformed.ts';

export interface StartTag {
  readonly name: string;
  /** In document order, without `xmlns`. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Value of `xmlns`, where it stands. */
  readonly namespace: string | undefined;
  /** `<name/>` */
  readonly isEmpty: boolean;
  /** Whether the tag stands as Canonical XML writes it, and declares no namespace. */
  readonly isCanonical: boolean;
  /** Where the next character after the tag stands. */
  readonly end: number;
}

/** White space in a value would be normalised, a quote or bracket escaped: none of them belongs to the profile. */
const VALUE = /="([^"'<>&\n\t]*)"|='([^"'<>&\n\t]*)'/y;
const none: ReadonlyMap<string, string> = new Map();
const SPACE = 0x20;
const TAB = 0x09;
const LINE_FEED = 0x0a;
const SLASH = 0x2f;
const GREATER = 0x3e;

/**
 * Reads the start tag, or the tag of an empty element, at `offset`.
 * @param limit how many attributes it may have, `xmlns` included
 * @throws Malformed
 * @see XML 1.0 §3.1
 */
export function readStartTag(source: string, offset: number, limit: number): StartTag {
  const name = readName(source, offset + 1, 'XML: not an element');
  let at = offset + 1 + name.length;
  if (source.charCodeAt(at) === GREATER) {
    return { name, attributes: none, namespace: undefined, isEmpty: false, isCanonical: true, end: at + 1 };
  }
  const attributes = new Map<string, string>();
  for (let start = skipSpace(source, at); ; start = skipSpace(source, at)) {
    const end = findEnd(source, start);
    if (end !== undefined) return toTag(name, attributes, source.slice(offset, end), end);
    if (start === at) throw new Malformed('XML: not an element');
    const key = readName(source, start, 'XML: attribute');
    if (attributes.has(key)) throw new Malformed('XML: attribute twice');
    if (attributes.size >= limit) throw new Malformed('XML: too many attributes');
    VALUE.lastIndex = start + key.length;
    const match = VALUE.exec(source);
    if (!match) throw new Malformed('XML: attribute value');
    attributes.set(key, match[1] ?? match[2] ?? '');
    at = VALUE.lastIndex;
  }
}

/** Where the tag ends, when nothing but its end stands at `at`. */
function findEnd(source: string, at: number): number | undefined {
  if (source.charCodeAt(at) === GREATER) return at + 1;
  return source.charCodeAt(at) === SLASH && source.charCodeAt(at + 1) === GREATER ? at + 2 : undefined;
}

function toTag(name: string, attributes: Map<string, string>, written: string, end: number): StartTag {
  const namespace = attributes.get('xmlns');
  attributes.delete('xmlns');
  const isCanonical = written === canonicalStartTag(name, undefined, attributes);
  return { name, attributes, namespace, isEmpty: written.endsWith('/>'), isCanonical, end };
}

/**
 * A start tag in Canonical XML: the namespace first, then the attributes. Without prefixes their order by namespace name,
 * then local name is the order of the names' code units.
 * @param namespace rendered where given
 * @see Canonical XML 1.0 §2.2, §2.3
 */
export function canonicalStartTag(
  name: string,
  namespace: string | undefined,
  attributes: ReadonlyMap<string, string>,
): string {
  let tag = namespace === undefined ? `<${name}` : `<${name} xmlns="${namespace}"`;
  const names = attributes.size > 1 ? [...attributes.keys()].sort() : attributes.keys();
  for (const key of names) tag += ` ${key}="${attributes.get(key) ?? ''}"`;
  return `${tag}>`;
}

/** The first character from `at` on that is not white space. */
export function skipSpace(source: string, at: number): number {
  let end = at;
  for (let code = source.charCodeAt(end); isSpace(code); code = source.charCodeAt(end)) end++;
  return end;
}

/** @see XML 1.0 §2.3, without the carriage return, which the reader refuses */
function isSpace(code: number): boolean {
  return code === SPACE || code === LINE_FEED || code === TAB;
}

function readName(source: string, at: number, fault: string): string {
  let end = at;
  while (isLetter(source.charCodeAt(end)) || (end > at && isDigit(source.charCodeAt(end)))) end++;
  if (end === at) throw new Malformed(fault);
  return source.slice(at, end);
}

function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
