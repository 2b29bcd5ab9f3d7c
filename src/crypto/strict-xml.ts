import { findBase64 } from './base64.ts';
import { Malformed } from './malformed.ts';
import { findUtf8 } from './utf8.ts';
import { readStartTag, skipSpace, type StartTag } from './xml-start-tag.ts';

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
  /** What the text is the canonical base64 of; `undefined` where it is something else. */
  readonly octets: Buffer | undefined;
  /**
   * The element as it stands in the document, where that is its canonical form within its parent; `undefined` where it
   * is not, or must first be found out.
   */
  readonly verbatim: string | undefined;
  /** Its octets as they stand in the document, where they are the canonical form of the element by itself. */
  readonly verbatimOctets: Buffer | undefined;
}

export const xmlLimits = { bytes: 400_000, depth: 16, elements: 2_000, attributes: 8 } as const;

const DECLARATION = /^<\?xml version="1\.0" encoding="UTF-8"(?: standalone="no")?\?>/;
// eslint-disable-next-line no-control-regex -- these are the characters to refuse
const FORBIDDEN = /[\u0000-\u0008\u000b-\u001f&\ufffe\uffff]/;
const SLASH = 0x2f;
const LESS = 0x3c;
const GREATER = 0x3e;

/**
 * Reads a UTF-8 document of elements, unprefixed attributes and text, and nothing else: no byte order mark, DOCTYPE,
 * entity, character reference, processing instruction, comment, CDATA, prefix, carriage return or mixed content.
 * @param declaration whether the XML declaration must stand first, or must not
 * @param tags start tags that the document probably has: what they say need not be found out again
 * @throws Malformed
 * @see XML 1.0 §2, Namespaces in XML 1.0 §6.2
 */
export function readXml(bytes: Uint8Array, declaration: 'declared' | 'bare', tags?: KnownTags): XmlElement {
  if (bytes.length > xmlLimits.bytes) throw new Malformed('XML: too large');
  const text = findUtf8(bytes);
  if (text === undefined) throw new Malformed('XML: not UTF-8');
  const found = DECLARATION.exec(text);
  if ((found !== null) !== (declaration === 'declared')) throw new Malformed('XML: declaration');
  return new Reader({ text, bytes }, found?.[0].length ?? 0, tags).document();
}

/** What start tags say, by their characters. */
export type KnownTags = ReadonlyMap<string, StartTag>;

export function readTags(written: readonly string[]): KnownTags {
  return new Map(written.map((tag) => [tag, readStartTag(tag, 0, xmlLimits.attributes)]));
}

interface Source {
  readonly text: string;
  readonly bytes: Uint8Array;
}

class OpenElement implements XmlElement {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly declaresNamespace: boolean;
  readonly children: OpenElement[] = [];
  text = '';
  octets: Buffer | undefined = undefined;
  /** Whether its own tags and all that it holds stand as Canonical XML writes them. */
  isCanonical: boolean;
  readonly #source: Source;
  readonly #start: number;
  /** 0 until the element is closed. */
  #end = 0;

  constructor(source: Source, start: number, tag: StartTag, inherited: string) {
    this.name = tag.name;
    this.namespace = tag.namespace ?? inherited;
    this.attributes = tag.attributes;
    this.declaresNamespace = tag.namespace !== undefined;
    this.isCanonical = tag.isCanonical;
    this.#source = source;
    this.#start = start;
  }

  get isVerbatim(): boolean {
    return this.isCanonical && !this.declaresNamespace && this.#end > 0;
  }

  get verbatim(): string | undefined {
    return this.isVerbatim ? this.#source.text.slice(this.#start, this.#end) : undefined;
  }

  get verbatimOctets(): Buffer | undefined {
    const { text, bytes } = this.#source;
    const isWhole = this.isCanonical && this.declaresNamespace === (this.namespace !== '') && this.#end > 0;
    // As many characters as octets: each is one.
    return isWhole && text.length === bytes.length
      ? Buffer.from(bytes.buffer, bytes.byteOffset + this.#start, this.#end - this.#start)
      : undefined;
  }

  close(end: number): void {
    this.#end = end;
  }
}

class Reader {
  readonly #source: string;
  readonly #document: Source;
  readonly #tags: KnownTags | undefined;
  readonly #stack: OpenElement[] = [];
  #offset: number;
  #root: OpenElement | undefined;
  #elements = 0;

  constructor(document: Source, offset: number, tags: KnownTags | undefined) {
    this.#document = document;
    this.#tags = tags;
    this.#source = document.text;
    this.#offset = offset;
  }

  /** Without recursion: depth costs no stack, and is counted. */
  document(): XmlElement {
    const source = this.#source;
    while (this.#offset < source.length) {
      if (source.charCodeAt(this.#offset) !== LESS) this.#text();
      else if (source.charCodeAt(this.#offset + 1) === SLASH) this.#close();
      else this.#open();
    }
    if (!this.#root || this.#stack.length > 0) throw new Malformed('XML: not closed');
    return this.#root;
  }

  #open(): void {
    const start = this.#offset;
    const tag = this.#readTag(start);
    this.#offset = start + tag.length;
    const parent = this.#stack.at(-1);
    if (!parent && this.#root) throw new Malformed('XML: second root');
    if (parent && parent.text !== '') throw new Malformed('XML: mixed content');
    if (this.#stack.length >= xmlLimits.depth) throw new Malformed('XML: too deep');
    if (++this.#elements > xmlLimits.elements) throw new Malformed('XML: too many elements');
    const element = new OpenElement(this.#document, start, tag, parent?.namespace ?? '');
    if (parent) parent.children.push(element);
    else this.#root = element;
    if (!tag.isEmpty) this.#stack.push(element);
    else this.#markParent();
  }

  #readTag(start: number): StartTag {
    const written = this.#source.slice(start, this.#source.indexOf('>', start) + 1);
    return this.#tags?.get(written) ?? readStartTag(this.#source, start, xmlLimits.attributes);
  }

  #close(): void {
    const element = this.#stack.pop();
    const nameStart = this.#offset + 2;
    if (!element || !this.#source.startsWith(element.name, nameStart))
      throw new Malformed('XML: end tag without start');
    const nameEnd = nameStart + element.name.length;
    const end = skipSpace(this.#source, nameEnd);
    if (this.#source.charCodeAt(end) !== GREATER) throw new Malformed('XML: end tag');
    this.#offset = end + 1;
    element.isCanonical &&= end === nameEnd;
    element.close(end + 1);
    if (!element.isVerbatim) this.#markParent();
  }

  /** What holds an element that is not canonical is not canonical itself. */
  #markParent(): void {
    const parent = this.#stack.at(-1);
    if (parent) parent.isCanonical = false;
  }

  #text(): void {
    const parent = this.#stack.at(-1);
    const end = this.#source.indexOf('<', this.#offset);
    if (!parent || end === -1 || parent.children.length > 0) throw new Malformed('XML: text between elements');
    // The first bracket that closes belongs to the tag after the text.
    const bracket = this.#source.indexOf('>', this.#offset);
    if (bracket !== -1 && bracket < end) throw new Malformed('XML: stray bracket');
    const text = this.#source.slice(this.#offset, end);
    const octets = findBase64(text);
    // Base64 has none of the characters to refuse, and is decoded in less time than each is looked at.
    if (!octets && FORBIDDEN.test(text)) throw new Malformed('XML: forbidden character or reference');
    parent.text = text;
    parent.octets = octets;
    this.#offset = end;
  }
}
