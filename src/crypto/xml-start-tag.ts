import { Malformed } from './malformed.ts';

export interface StartTag {
  readonly name: string;
  /** In document order, without `xmlns`. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Value of `xmlns`, where it stands. */
  readonly namespace: string | undefined;
  /** `<name/>` */
  readonly isEmpty: boolean;
  /** Where the next character after the tag stands. */
  readonly end: number;
}

const NAME = /[A-Za-z][A-Za-z0-9]*/y;
const SPACE = /[ \n\t]*/y;
/** White space in a value would be normalised, a quote or bracket escaped: none of them belongs to the profile. */
const VALUE = /="([^"'<>&\n\t]*)"|='([^"'<>&\n\t]*)'/y;
const none: ReadonlyMap<string, string> = new Map();
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
    return { name, attributes: none, namespace: undefined, isEmpty: false, end: at + 1 };
  }
  const attributes = new Map<string, string>();
  for (let start = skipSpace(source, at); ; start = skipSpace(source, at)) {
    const end = findEnd(source, start);
    if (end !== undefined) return toTag(name, attributes, start !== end - 1, end);
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

function toTag(name: string, attributes: Map<string, string>, isEmpty: boolean, end: number): StartTag {
  const namespace = attributes.get('xmlns');
  attributes.delete('xmlns');
  return { name, attributes, namespace, isEmpty, end };
}

function skipSpace(source: string, at: number): number {
  SPACE.lastIndex = at;
  SPACE.test(source);
  return SPACE.lastIndex;
}

function readName(source: string, at: number, fault: string): string {
  NAME.lastIndex = at;
  if (!NAME.test(source)) throw new Malformed(fault);
  return source.slice(at, NAME.lastIndex);
}
