import { inside, tags, type DerCursor, type DerValue } from '../asn1/der.ts';
import { readOid } from '../asn1/der-values.ts';
import { objectIdentifier, sequence, setOf } from '../asn1/der-writer.ts';
import { Malformed } from '../malformed.ts';

/** An attribute of a signer, with at least one value. @see RFC 5652 §5.3 */
export interface CmsAttribute {
  readonly type: string;
  readonly values: readonly DerValue[];
}

/**
 * The attributes of a SET OF: in the order of DER, each type once.
 * @throws Malformed
 * @see RFC 5652 §5.3, §11; X.690 §11.6
 */
export function readAttributes(set: DerCursor): readonly CmsAttribute[] {
  const members = set.rest(tags.sequence);
  const attributes = members.map((member) => {
    const fields = inside(member);
    const type = readOid(fields.next(tags.oid));
    const values = inside(fields.next(tags.set)).rest();
    fields.end();
    if (values.length === 0) throw new Malformed('CMS: attribute without a value');
    return { type, values };
  });
  if (new Set(attributes.map(({ type }) => type)).size !== attributes.length) {
    throw new Malformed('CMS: attribute that occurs twice');
  }
  const isSorted = members.every((member, index) => {
    const before = members[index - 1];
    return before === undefined || Buffer.compare(before.raw, member.raw) < 0;
  });
  if (!isSorted) throw new Malformed('CMS: attributes not in the order of DER');
  return attributes;
}

/** The only value of an attribute; `undefined` if there is no such attribute. @throws Malformed if it has several values */
export function findValue(attributes: readonly CmsAttribute[], type: string): DerValue | undefined {
  const values = attributes.find((attribute) => attribute.type === type)?.values;
  if (values && values.length > 1) throw new Malformed('CMS: attribute with several values');
  return values?.[0];
}

/** An attribute with one value, in DER. */
export const writeAttribute = (type: string, value: Buffer): Buffer => sequence(objectIdentifier(type), setOf([value]));
