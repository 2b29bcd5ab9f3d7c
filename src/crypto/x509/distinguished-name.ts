import { isAscii } from 'node:buffer';
import { inside, tags, type DerValue } from '../asn1/der.ts';
import { readOid } from '../asn1/der-values.ts';
import { oids } from '../asn1/oids.ts';
import { Malformed } from '../malformed.ts';
import { findUtf8 } from '../utf8.ts';

export interface NameAttribute {
  readonly type: string;
  readonly value: string;
}

/** An X.501 name: its DER for comparison, its attributes in encoded order for reading. */
export interface DistinguishedName {
  readonly der: Buffer;
  readonly attributes: readonly NameAttribute[];
}

const MAX_ATTRIBUTES = 100;

/** @throws Malformed @see RFC 5280 §4.1.2.4 */
export function readName(value: DerValue): DistinguishedName {
  const attributes: NameAttribute[] = [];
  for (const rdns = inside(value, tags.sequence); !rdns.atEnd;) {
    // An empty set is refused: it has no first member.
    const members = inside(rdns.next(tags.set));
    do {
      if (attributes.length === MAX_ATTRIBUTES) throw new Malformed('name: too many attributes');
      const member = inside(members.next(tags.sequence));
      const type = readOid(member.next(tags.oid));
      attributes.push({ type, value: readString(member.next()) });
      member.end();
    } while (!members.atEnd);
  }
  return { der: value.raw, attributes };
}

/** All values of one attribute type, in encoded order. */
export function valuesOf(name: DistinguishedName, type: string): readonly string[] {
  const values: string[] = [];
  for (const attribute of name.attributes) if (attribute.type === type) values.push(attribute.value);
  return values;
}

/** The first common name, else the first organization; empty if it has neither. */
export function briefName(name: DistinguishedName): string {
  return [...valuesOf(name, oids.commonName), ...valuesOf(name, oids.organizationName)][0] ?? '';
}

/** Names are equal when their DER is: BankID's CAs copy the issuer name byte by byte. @see RFC 5280 §7.1 */
export function sameName(a: DistinguishedName, b: DistinguishedName): boolean {
  return a.der.equals(b.der);
}

function readString(value: DerValue): string {
  switch (value.tag) {
    case tags.utf8String: {
      const text = findUtf8(value.content);
      if (text === undefined) throw new Malformed('name: not UTF-8');
      return text;
    }
    case tags.printableString:
    case tags.ia5String: {
      const { content } = value;
      if (!isAscii(content)) throw new Malformed('name: not ASCII');
      return content.toString('latin1');
    }
    default:
      throw new Malformed('name: string type');
  }
}
