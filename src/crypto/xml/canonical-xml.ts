import type { XmlElement } from './strict-xml.ts';

/**
 * Inclusive Canonical XML 1.0 of an element and its content, for the subset that `readXml` reads. In that subset nothing
 * needs escaping, there are no prefixes, and a namespace node is rendered where it differs from the parent's.
 * @returns the octets that are digested or signed
 * @see https://www.w3.org/TR/2001/REC-xml-c14n-20010315 §2.3
 */
export function canonicalXml(apex: XmlElement): Buffer {
  return Buffer.from(write(apex, ''), 'utf8');
}

/** @param rendered the default namespace in scope where the element is written */
function write({ name, namespace, attributes, children, text }: XmlElement, rendered: string): string {
  const start = startTag(name, namespace === rendered ? undefined : namespace, attributes);
  let content = text;
  for (const child of children) content += write(child, namespace);
  return `${start}${content}</${name}>`;
}

/**
 * The namespace first, then the attributes. Without prefixes their order by namespace name, then local name is the order of
 * the names' code units.
 * @see Canonical XML 1.0 §2.2, §2.3
 */
function startTag(name: string, namespace: string | undefined, attributes: ReadonlyMap<string, string>): string {
  let tag = namespace === undefined ? `<${name}` : `<${name} xmlns="${namespace}"`;
  const names = attributes.size > 1 ? [...attributes.keys()].sort() : attributes.keys();
  for (const key of names) tag += ` ${key}="${attributes.get(key) ?? ''}"`;
  return `${tag}>`;
}
