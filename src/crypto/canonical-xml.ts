import { readXml, type XmlElement } from './strict-xml.ts';
import { canonicalStartTag } from './xml-start-tag.ts';

/** What is digested or signed in an element's place. */
export interface CanonicalElement {
  readonly octets: Buffer;
  /** What these octets say. */
  readonly element: XmlElement;
}

/**
 * An element's canonical octets together with what is read from them. Where they are the octets of the document itself, they
 * have been read with it; where the document spells the element otherwise, they are read on their own.
 */
export function canonicalElement(apex: XmlElement): CanonicalElement {
  const written = apex.verbatimOctets;
  if (written) return { octets: written, element: apex };
  const octets = canonicalXml(apex);
  return { octets, element: readXml(octets, 'bare') };
}

/**
 * Inclusive Canonical XML 1.0 of an element and what it holds, for the subset of {@link readXml}. In that subset nothing
 * needs an escape, there are no prefixes, and a namespace node is rendered where it differs from the parent's.
 * @returns the octets that are digested or signed
 * @see https://www.w3.org/TR/2001/REC-xml-c14n-20010315 §2.3
 */
export function canonicalXml(apex: XmlElement): Buffer {
  const namespace = apex.namespace === '' ? undefined : apex.namespace;
  const start = canonicalStartTag(apex.name, namespace, apex.attributes);
  return Buffer.from(`${start}${content(apex)}</${apex.name}>`, 'utf8');
}

function content({ text, children, namespace }: XmlElement): string {
  let written = text;
  for (const child of children) written += child.verbatim ?? write(child, namespace);
  return written;
}

function write(element: XmlElement, rendered: string): string {
  const namespace = element.namespace === rendered ? undefined : element.namespace;
  const start = canonicalStartTag(element.name, namespace, element.attributes);
  return `${start}${content(element)}</${element.name}>`;
}
