import { Malformed } from '../../crypto/malformed.ts';
import type { XmlElement } from '../../crypto/xml/strict-xml.ts';

export const namespaces = {
  dsig: 'http://www.w3.org/2000/09/xmldsig#',
  bankid: 'http://www.bankid.com/signature/v1.0.0/types',
} as const;

export const algorithms = {
  c14n: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
  rsaSha256: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  /** Known, so that a document that uses it is reported as weak and not as malformed. */
  rsaSha1: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  sha1: 'http://www.w3.org/2000/09/xmldsig#sha1',
} as const;

/** Permitted values of an attribute; `optional` ones may be absent. */
export interface AttributeRule {
  readonly name: string;
  readonly values: readonly string[];
  readonly optional?: true;
}

interface ChildRule {
  readonly name: string;
  readonly rule: ElementRule;
  readonly occurs: 'once' | 'optional' | 'any';
}

type Content =
  | { readonly kind: 'children'; readonly children: readonly ChildRule[] }
  | { readonly kind: 'base64' | 'empty' | 'open' }
  | { readonly kind: 'oneOf'; readonly values: readonly string[] };

export interface ElementRule {
  readonly namespace: string;
  /** Whether `xmlns` must, may or must not be present. */
  readonly declares: 'must' | 'may' | 'never';
  readonly attributes: readonly AttributeRule[];
  readonly content: Content;
}

const MAX_REPEATED = 8;

/**
 * Checks an element against its rule: nothing missing, nothing additional.
 * @throws Malformed naming the first element at fault
 */
export function checkElement(element: XmlElement, rule: ElementRule): void {
  if (element.namespace !== rule.namespace) throw new Malformed(`${element.name}: namespace`);
  const declares = element.declaresNamespace;
  if ((declares && rule.declares === 'never') || (!declares && rule.declares === 'must')) {
    throw new Malformed(`${element.name}: xmlns`);
  }
  checkAttributes(element, rule);
  checkContent(element, rule.content);
}

function checkAttributes(element: XmlElement, rule: ElementRule): void {
  let known = 0;
  for (const { name, values, optional } of rule.attributes) {
    const value = element.attributes.get(name);
    if (value !== undefined) known++;
    if (value === undefined ? !optional : !values.includes(value)) throw new Malformed(`${element.name}: ${name}`);
  }
  if (known < element.attributes.size) throw new Malformed(`${element.name}: unexpected attribute`);
}

function checkContent(element: XmlElement, content: Content): void {
  switch (content.kind) {
    case 'children':
      if (element.text !== '') throw new Malformed(`${element.name}: text`);
      return checkChildren(element, content.children);
    case 'open':
      return checkOpen(element);
    case 'base64':
      if (!element.octets) throw new Malformed(`${element.name}: base64`);
      break;
    case 'oneOf':
      if (!content.values.includes(element.text)) throw new Malformed(`${element.name}: value`);
      break;
    case 'empty':
      if (element.text !== '') throw new Malformed(`${element.name}: text`);
  }
  if (element.children.length > 0) throw new Malformed(`${element.name}: unexpected element`);
}

function checkChildren(element: XmlElement, rules: readonly ChildRule[]): void {
  let index = 0;
  for (const { name, rule, occurs } of rules) {
    const start = index;
    const limit = occurs === 'any' ? MAX_REPEATED : 1;
    while (index - start < limit && element.children[index]?.name === name) {
      checkElement(element.children[index] as XmlElement, rule);
      index++;
    }
    if (index === start && occurs === 'once') throw new Malformed(`${element.name}: ${name} is missing`);
  }
  if (index < element.children.length) throw new Malformed(`${element.name}: unexpected element`);
}

/** The content of `env`, which grows with every release of the app. Elements and text only; an attribute could be an Id. */
function checkOpen(element: XmlElement): void {
  for (const child of element.children) {
    if (child.attributes.size > 0 || child.declaresNamespace) throw new Malformed(`${element.name}: attribute`);
    checkOpen(child);
  }
}
