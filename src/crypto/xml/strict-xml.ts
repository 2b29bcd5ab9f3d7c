import { findBase64 } from '../base64.ts';
import { Malformed } from '../malformed.ts';
import { findUtf8 } from '../utf8.ts';
import { readStartTag, skipSpace } from './start-tag.ts';

/** An element of the subset that BankID's signatures use: either child elements or text, never both. */
export interface XmlElement {
  readonly name: string;
  /** The default namespace in scope, '' for none. */
  readonly namespace: string;
  /** Attributes but for `xmlns`, in document order. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Whether the element itself carries `xmlns`. */
  readonly declaresNamespace: boolean;
  readonly children: readonly XmlElement[];
  readonly text: string;
  /** The octets whose canonical base64 is the text, none if it is empty; `undefined` if it is not base64. */
  readonly octets: Buffer | undefined;
}

export const xmlLimits = { bytes: 400_000, depth: 16, elements: 2_000, attributes: 8 } as const;

const none = Buffer.alloc(0);
const DECLARATION = /^<\?xml version="1\.0" encoding="UTF-8"(?: standalone="no")?\?>/;
// eslint-disable-next-line no-control-regex -- these are the characters to refuse
const FORBIDDEN = /[\u0000-\u0008\u000b-\u001f&>\ufffe\uffff]/;

/**
 * Reads a UTF-8 document of elements, unprefixed attributes and text, and nothing else: no byte order mark, DOCTYPE,
 * entity, character reference, processing instruction, comment, CDATA, prefix, carriage return or mixed content.
 * @param declaration whether the XML declaration must be present, or absent
 * @throws Malformed
 * @see XML 1.0 §2, Namespaces in XML 1.0 §6.2
 */
export function readXml(bytes: Uint8Array, declaration: 'declared' | 'bare'): XmlElement {
  if (bytes.length > xmlLimits.bytes) throw new Malformed('XML: too large');
  const source = findUtf8(bytes);
  if (source === undefined) throw new Malformed('XML: not UTF-8');
  const found = DECLARATION.exec(source);
  if ((found !== null) !== (declaration === 'declared')) throw new Malformed('XML: declaration');
  return new Reader(source, found?.[0].length ?? 0).document();
}

class Reader {
  readonly #source: string;
  #offset: number;
  #elements = 0;

  constructor(source: string, offset: number) {
    this.#source = source;
    this.#offset = offset;
  }

  /** The root element, and nothing after it. */
  document(): XmlElement {
    const root = this.#element('', 1);
    if (this.#offset < this.#source.length) throw new Malformed('XML: content after the root');
    return root;
  }

  #element(inherited: string, depth: number): XmlElement {
    if (depth > xmlLimits.depth) throw new Malformed('XML: too deep');
    if (++this.#elements > xmlLimits.elements) throw new Malformed('XML: too many elements');
    const tag = readStartTag(this.#source, this.#offset, xmlLimits.attributes);
    this.#offset = tag.end;
    const { name, attributes, isEmpty } = tag;
    const namespace = tag.namespace ?? inherited;
    const text = isEmpty ? '' : this.#text();
    const children = isEmpty ? [] : this.#children(namespace, depth);
    if (text !== '' && children.length > 0) throw new Malformed('XML: mixed content');
    if (!isEmpty) this.#endTag(name);
    const octets = text === '' ? none : decodeText(text);
    return { name, namespace, attributes, declaresNamespace: tag.namespace !== undefined, children, text, octets };
  }

  /** The elements up to the end tag. The offset is at a bracket, as text has been read before. */
  #children(namespace: string, depth: number): XmlElement[] {
    const children: XmlElement[] = [];
    while (this.#source[this.#offset + 1] !== '/') {
      children.push(this.#element(namespace, depth + 1));
      if (this.#text() !== '') throw new Malformed('XML: text between elements');
    }
    return children;
  }

  #endTag(name: string): void {
    const nameStart = this.#offset + '</'.length;
    if (!this.#source.startsWith(name, nameStart)) throw new Malformed('XML: not the end tag of the element');
    const end = skipSpace(this.#source, nameStart + name.length);
    if (this.#source[end] !== '>') throw new Malformed('XML: end tag');
    this.#offset = end + 1;
  }

  /** The characters up to the next tag, not checked yet. */
  #text(): string {
    const end = this.#source.indexOf('<', this.#offset);
    if (end === -1) throw new Malformed('XML: not closed');
    const text = this.#source.slice(this.#offset, end);
    this.#offset = end;
    return text;
  }
}

/** Base64 has none of the forbidden characters, and decoding it takes less time than searching for them. */
function decodeText(text: string): Buffer | undefined {
  const octets = findBase64(text);
  if (!octets && FORBIDDEN.test(text)) throw new Malformed('XML: forbidden character or reference');
  return octets;
}
