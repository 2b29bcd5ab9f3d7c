import type { XmlElement } from './strict-xml.ts';

/**
 * Inclusive Canonical XML 1.0 of an element and what it holds, for the subset of {@link readXml}. In that subset nothing
 * needs an escape, there are no prefixes, and a namespace node is rendered where it differs from the parent's.
 * @returns the octets that are digested or signed
 * @see https://www.w3.org/TR/2001/REC-xml-c14n-20010315 §2.3
 */
export function canonicalXml(apex: XmlElement): Buffer {
  const parts: string[] = [];
  write(apex, '', parts);
  return Buffer.from(parts.join(''), 'utf8');
}

function write(element: XmlElement, rendered: string, parts: string[]): void {
  parts.push('<', element.name);
  if (element.namespace !== rendered) parts.push(' xmlns="', element.namespace, '"');
  // Without prefixes the order by namespace name, then local name is the order of the names' code units.
  const names = [...element.attributes.keys()].sort();
  for (const name of names) parts.push(' ', name, '="', element.attributes.get(name) ?? '', '"');
  parts.push('>', element.text);
  for (const child of element.children) write(child, element.namespace, parts);
  parts.push('</', element.name, '>');
}
