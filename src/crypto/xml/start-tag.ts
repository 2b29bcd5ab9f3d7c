import { Malformed } from '../malformed.ts';

export interface StartTag {
  readonly name: string;
  /** In document order, without `xmlns`. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Value of `xmlns`, if present. */
  readonly namespace: string | undefined;
  /** `<name/>` */
  readonly isEmpty: boolean;
  /** The offset after the tag's closing bracket. */
  readonly end: number;
}

const noAttributes: ReadonlyMap<string, string> = new Map();
const SPACE = 0x20;
const TAB = 0x09;
const LINE_FEED = 0x0a;
const SLASH = 0x2f;
const LESS = 0x3c;
const GREATER = 0x3e;
/** In a value, white space would be normalised, and a quote or bracket escaped; the profile has none of them. */
// eslint-disable-next-line no-control-regex -- these are the characters to refuse
const FORBIDDEN = /[\u0000-\u001f"'&<>\ufffe\uffff]/;

/**
 * Reads the start tag, or the tag of an empty element, at `offset`.
 * @param limit how many attributes it may have, `xmlns` included
 * @throws Malformed
 * @see XML 1.0 §3.1
 */
export function readStartTag(source: string, offset: number, limit: number): StartTag {
  const nameEnd = skipName(source, offset + 1);
  if (source.charCodeAt(offset) !== LESS || nameEnd === offset + 1) throw new Malformed('XML: not an element');
  const name = source.slice(offset + 1, nameEnd);
  if (source.charCodeAt(nameEnd) === GREATER) {
    return { name, attributes: noAttributes, namespace: undefined, isEmpty: false, end: nameEnd + 1 };
  }
  const attributes = new Map<string, string>();
  for (let at = nameEnd; ;) {
    const start = skipSpace(source, at);
    const end = findEnd(source, start);
    if (end !== undefined) {
      const namespace = attributes.get('xmlns');
      attributes.delete('xmlns');
      return { name, attributes, namespace, isEmpty: end > start + 1, end };
    }
    if (start === at) throw new Malformed('XML: not an element');
    const keyEnd = skipName(source, start);
    if (keyEnd === start) throw new Malformed('XML: attribute');
    const key = source.slice(start, keyEnd);
    if (attributes.has(key)) throw new Malformed('XML: duplicate attribute');
    if (attributes.size >= limit) throw new Malformed('XML: too many attributes');
    const valueEnd = findValueEnd(source, keyEnd);
    attributes.set(key, source.slice(keyEnd + 2, valueEnd));
    at = valueEnd + 1;
  }
}

/** The offset after the tag, if its end is at `at`. */
function findEnd(source: string, at: number): number | undefined {
  if (source.charCodeAt(at) === GREATER) return at + 1;
  return source.charCodeAt(at) === SLASH && source.charCodeAt(at + 1) === GREATER ? at + 2 : undefined;
}

/** The offset of the closing quote of the value whose equals sign is at `at`. */
function findValueEnd(source: string, at: number): number {
  const quote = source[at + 1];
  if (source[at] !== '=' || (quote !== '"' && quote !== "'")) throw new Malformed('XML: attribute value');
  const end = source.indexOf(quote, at + 2);
  if (end === -1 || FORBIDDEN.test(source.slice(at + 2, end))) throw new Malformed('XML: attribute value');
  return end;
}

/** The first character from `at` on that is not white space. @see XML 1.0 §2.3, without the carriage return */
export function skipSpace(source: string, at: number): number {
  let end = at;
  for (let code = source.charCodeAt(end); isSpace(code); code = source.charCodeAt(end)) end++;
  return end;
}

function isSpace(code: number): boolean {
  return code === SPACE || code === LINE_FEED || code === TAB;
}

/** The offset after the name that begins at `at`; `at` itself if none does. */
function skipName(source: string, at: number): number {
  let end = at;
  while (isLetter(source.charCodeAt(end)) || (end > at && isDigit(source.charCodeAt(end)))) end++;
  return end;
}

function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
