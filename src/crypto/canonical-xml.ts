import type { XmlElement } from './strict-xml.ts';
import { canonicalStartTag } from './xml-start-tag.ts';

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
