import { inside, readDer, tags, type DerCursor } from '../asn1/der.ts';
import { readBoolean, readNamedBits, readOctets, readOid, readSmallInteger } from '../asn1/der-values.ts';
import { Malformed } from '../malformed.ts';
import { oids } from '../asn1/oids.ts';

export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Buffer;
}

/** Bits of keyUsage. @see RFC 5280 §4.2.1.3 */
export const keyUsageBits = { digitalSignature: 0, nonRepudiation: 1, keyCertSign: 5, cRLSign: 6 } as const;

/** The extensions that path validation and the check of the responder use. `undefined`: the certificate has no such extension. */
export interface CertificateExtensions {
  readonly all: readonly Extension[];
  readonly basicConstraints: { readonly ca: boolean; readonly pathLength: number | undefined } | undefined;
  readonly keyUsage: { readonly critical: boolean; readonly bits: ReadonlySet<number> } | undefined;
  readonly policies: readonly string[];
  readonly extendedKeyUsage: readonly string[] | undefined;
  readonly subjectKeyId: Buffer | undefined;
  readonly authorityKeyId: Buffer | undefined;
  readonly ocspNoCheck: boolean;
}

const MAX_EXTENSIONS = 100;

/** `Extensions ::= SEQUENCE OF Extension`. @throws Malformed @see RFC 5280 §4.1 */
export function readExtensions(cursor: DerCursor): Extension[] {
  const extensions: Extension[] = [];
  while (!cursor.atEnd) {
    if (extensions.length === MAX_EXTENSIONS) throw new Malformed('too many extensions');
    const fields = inside(cursor.next(tags.sequence));
    const oid = readOid(fields.next(tags.oid));
    const flag = fields.optional(tags.boolean);
    const critical = flag !== undefined && readBoolean(flag);
    if (flag && !critical) throw new Malformed('DER: encoded DEFAULT');
    extensions.push({ oid, critical, value: readOctets(fields.next(tags.octetString)) });
    fields.end();
  }
  return extensions;
}

/** @throws Malformed if a known extension has a malformed value */
export function interpretExtensions(all: readonly Extension[]): CertificateExtensions {
  const find = (oid: string): Extension | undefined => all.find((extension) => extension.oid === oid);
  const usage = find(oids.keyUsage);
  const constraints = find(oids.basicConstraints);
  const policies = find(oids.certificatePolicies);
  const extended = find(oids.extKeyUsage);
  const subjectKey = find(oids.subjectKeyIdentifier);
  const authorityKey = find(oids.authorityKeyIdentifier);
  return {
    all,
    basicConstraints: constraints && readBasicConstraints(constraints.value),
    keyUsage: usage && { critical: usage.critical, bits: readNamedBits(readDer(usage.value)) },
    policies: policies ? readPolicies(policies.value) : [],
    extendedKeyUsage: extended && readOidList(extended.value),
    subjectKeyId: subjectKey && readOctets(readDer(subjectKey.value)),
    authorityKeyId: authorityKey && inside(readDer(authorityKey.value, tags.sequence)).optional(0x80)?.content,
    ocspNoCheck: find(oids.ocspNoCheck) !== undefined,
  };
}

/** Extensions that path validation processes; any other critical extension makes a certificate unusable. */
const processed: ReadonlySet<string> = new Set([
  oids.basicConstraints,
  oids.keyUsage,
  oids.certificatePolicies,
  oids.extKeyUsage,
]);

/** The first critical extension that we do not process. @see RFC 5280 §4.2 */
export function findUnknownCritical(extensions: CertificateExtensions): string | undefined {
  return extensions.all.find((extension) => extension.critical && !processed.has(extension.oid))?.oid;
}

/** An extension that occurs twice. @see RFC 5280 §4.2 */
export function findDuplicate(all: readonly Extension[]): string | undefined {
  const seen = new Set<string>();
  return all.find(({ oid }) => seen.size === seen.add(oid).size)?.oid;
}

function readBasicConstraints(bytes: Buffer): { ca: boolean; pathLength: number | undefined } {
  const fields = inside(readDer(bytes, tags.sequence));
  const flag = fields.optional(tags.boolean);
  const ca = flag !== undefined && readBoolean(flag);
  if (flag && !ca) throw new Malformed('DER: encoded DEFAULT');
  const length = fields.optional(tags.integer);
  fields.end();
  return { ca, pathLength: length && readSmallInteger(length) };
}

function readPolicies(bytes: Buffer): string[] {
  const policies = inside(readDer(bytes, tags.sequence)).rest(tags.sequence);
  return policies.map((policy) => readOid(inside(policy).next(tags.oid)));
}

function readOidList(bytes: Buffer): string[] {
  return inside(readDer(bytes, tags.sequence))
    .rest(tags.oid)
    .map((value) => readOid(value));
}
