import { Malformed } from './malformed.ts';

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
}

export const xmlLimits = { bytes: 400_000, depth: 16, elements: 2_000, attributes: 8 } as const;

const DECLARATION = /^<\?xml version="1\.0" encoding="UTF-8"(?: standalone="no")?\?>/;
const OPEN = /<([A-Za-z][A-Za-z0-9]*)((?:[ \n\t]+[A-Za-z][A-Za-z0-9]*=(?:"[^"<&]*"|'[^'<&]*'))*)[ \n\t]*(\/?)>/y;
const CLOSE = /<\/([A-Za-z][A-Za-z0-9]*)[ \n\t]*>/y;
const TEXT = /[^<&>]+/y;
const ATTRIBUTE = /([A-Za-z][A-Za-z0-9]*)=(?:"([^"]*)"|'([^']*)')/g;
// eslint-disable-next-line no-control-regex -- these are the characters to refuse
const FORBIDDEN = /[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/;

/**
 * Reads a UTF-8 document of elements, unprefixed attributes and text, and nothing else: no byte order mark, DOCTYPE,
 * entity, character reference, processing instruction, comment, CDATA, prefix, carriage return or mixed content.
 * @param declaration whether the XML declaration must stand first, or must not
 * @throws Malformed
 * @see XML 1.0 §2, Namespaces in XML 1.0 §6.2
 */
export function readXml(bytes: Uint8Array, declaration: 'declared' | 'bare'): XmlElement {
  if (bytes.length > xmlLimits.bytes) throw new Malformed('XML: too large');
  const text = decode(bytes);
  if (FORBIDDEN.test(text)) throw new Malformed('XML: forbidden character');
  const found = DECLARATION.exec(text);
  if ((found !== null) !== (declaration === 'declared')) throw new Malformed('XML: declaration');
  return new Reader(text, found?.[0].length ?? 0).document();
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Malformed('XML: not UTF-8');
  }
}

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

class Reader {
  readonly #source: string;
  readonly #stack: OpenElement[] = [];
  #offset: number;
  #root: XmlElement | undefined;
  #elements = 0;

  constructor(source: string, offset: number) {
    this.#source = source;
    this.#offset = offset;
  }

  /** Without recursion: depth costs no stack, and is counted. */
  document(): XmlElement {
    while (this.#offset < this.#source.length) {
      if (this.#source[this.#offset] !== '<') this.#text();
      else if (this.#source[this.#offset + 1] === '/') this.#close();
      else this.#open();
    }
    if (!this.#root || this.#stack.length > 0) throw new Malformed('XML: not closed');
    return this.#root;
  }

  #match(pattern: RegExp, what: string): RegExpExecArray {
    pattern.lastIndex = this.#offset;
    const match = pattern.exec(this.#source);
    if (!match) throw new Malformed(`XML: ${what}`);
    this.#offset += match[0].length;
    return match;
  }

  #open(): void {
    const [, name = '', attributes = '', empty] = this.#match(OPEN, 'not an element');
    const parent = this.#stack.at(-1);
    if (!parent && this.#root) throw new Malformed('XML: second root');
    if (parent && parent.text !== '') throw new Malformed('XML: mixed content');
    if (this.#stack.length >= xmlLimits.depth) throw new Malformed('XML: too deep');
    if (++this.#elements > xmlLimits.elements) throw new Malformed('XML: too many elements');
    const element = openElement(name, attributes, parent?.namespace ?? '');
    if (parent) parent.children.push(element);
    else this.#root = element;
    if (empty === '') this.#stack.push(element);
  }

  #close(): void {
    const [, name] = this.#match(CLOSE, 'end tag');
    if (this.#stack.pop()?.name !== name) throw new Malformed('XML: end tag without start');
  }

  #text(): void {
    const [text] = this.#match(TEXT, 'reference or stray bracket');
    const parent = this.#stack.at(-1);
    if (!parent || parent.children.length > 0) throw new Malformed('XML: text between elements');
    parent.text += text;
  }
}

function openElement(name: string, source: string, inherited: string): OpenElement {
  const attributes = new Map<string, string>();
  for (const [, key = '', double, single] of source.matchAll(ATTRIBUTE)) {
    const value = double ?? single ?? '';
    if (attributes.has(key)) throw new Malformed('XML: attribute twice');
    if (attributes.size >= xmlLimits.attributes) throw new Malformed('XML: too many attributes');
    // White space in a value would be normalised, a quote or bracket escaped: none of them belongs to the profile.
    if (/[\n\t"'>]/.test(value)) throw new Malformed('XML: attribute value');
    attributes.set(key, value);
  }
  const declared = attributes.get('xmlns');
  attributes.delete('xmlns');
  return {
    name,
    namespace: declared ?? inherited,
    declaresNamespace: declared !== undefined,
    attributes,
    children: [],
    text: '',
  };
}
