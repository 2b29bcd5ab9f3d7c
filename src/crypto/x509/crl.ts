import { earlierOf } from '../../kernel/clock.ts';
import { inside, readDer, tags, type DerCursor, type DerValue } from '../asn1/der.ts';
import {
  readBitOctets,
  readGeneralizedTime,
  readIntegerBytes,
  readSmallInteger,
  readTime,
} from '../asn1/der-values.ts';
import { oids } from '../asn1/oids.ts';
import { Malformed } from '../malformed.ts';
import { readSignatureScheme, type SignatureScheme } from '../signature-scheme.ts';
import { readName, type DistinguishedName } from './distinguished-name.ts';
import { findDuplicate, readExtensions, type Extension } from './extensions.ts';

/** @see RFC 5280 §5.3 */
export interface RevokedCertificate {
  readonly serial: Buffer;
  /** The revocation, or the invalidity that the CRL dates before it. @see RFC 5280 §5.3.2 */
  readonly at: Date;
  /** CRLReason. `undefined`: not given. @see RFC 5280 §5.3.1 */
  readonly reason: number | undefined;
}

export interface Crl {
  readonly der: Buffer;
  readonly tbs: Buffer;
  readonly issuer: DistinguishedName;
  readonly thisUpdate: Date;
  /** RFC 5280 requires it; a CRL without is refused. */
  readonly nextUpdate: Date;
  readonly revoked: readonly RevokedCertificate[];
  readonly scope: CrlScope;
  readonly scheme: SignatureScheme;
  readonly signature: Buffer;
}

/** Which certificates a CRL speaks of. @see RFC 5280 §5.2.5 */
export interface CrlScope {
  readonly only: 'users' | 'authorities' | undefined;
  /** The DER of DistributionPointName, which the certificate's must contain too. `undefined`: the whole of the issuer's. */
  readonly distributionPoint: Buffer | undefined;
}

/**
 * Reads a complete CRL in DER. Nothing is verified. Delta and indirect CRLs and those for some reasons only are refused.
 * @throws Malformed
 * @see RFC 5280 §5.1
 */
export function parseCrl(der: Uint8Array): Crl {
  const whole = readDer(der, tags.sequence);
  const outer = inside(whole);
  const tbs = outer.next(tags.sequence);
  const algorithm = outer.next(tags.sequence);
  const signature = readBitOctets(outer.next(tags.bitString));
  outer.end();
  const fields = inside(tbs);
  if (readSmallInteger(fields.next(tags.integer)) !== 1) throw new Malformed('CRL: version');
  if (!fields.next(tags.sequence).raw.equals(algorithm.raw)) throw new Malformed('CRL: algorithms differ');
  const issuer = readName(fields.next(tags.sequence));
  const thisUpdate = readTime(fields.next());
  const nextUpdate = readTime(fields.next());
  const revoked = fields.optional(tags.sequence);
  const wrapper = fields.optional(0xa0);
  fields.end();
  return {
    der: whole.raw,
    tbs: tbs.raw,
    issuer,
    thisUpdate,
    nextUpdate,
    revoked: revoked ? readRevoked(inside(revoked)) : [],
    scope: readScope(wrapper ? readEach(inside(readDer(wrapper.content, tags.sequence))) : []),
    scheme: readSignatureScheme(algorithm),
    signature,
  };
}

function readRevoked(entries: DerCursor): RevokedCertificate[] {
  return entries.rest(tags.sequence).map((entry) => {
    const fields = inside(entry);
    const serial = readIntegerBytes(fields.next(tags.integer));
    const at = readTime(fields.next());
    const listed = fields.optional(tags.sequence);
    fields.end();
    return { serial, ...readEntry(listed ? readEach(inside(listed)) : [], at) };
  });
}

function readEntry(extensions: readonly Extension[], revokedAt: Date): Pick<RevokedCertificate, 'at' | 'reason'> {
  let [at, reason]: [Date, number | undefined] = [revokedAt, undefined];
  for (const { oid, critical, value } of extensions) {
    if (oid === oids.reasonCode) reason = readSmallInteger(readDer(value), tags.enumerated);
    else if (oid === oids.invalidityDate) at = earlierOf(at, readGeneralizedTime(readDer(value)));
    else if (critical) throw new Malformed('CRL: critical extension of an entry');
  }
  return { at, reason };
}

/** Each extension once. @see RFC 5280 §4.2 */
function readEach(cursor: DerCursor): Extension[] {
  const extensions = readExtensions(cursor);
  if (findDuplicate(extensions) !== undefined) throw new Malformed('CRL: duplicate extension');
  return extensions;
}

function readScope(extensions: readonly Extension[]): CrlScope {
  let scope: CrlScope = { only: undefined, distributionPoint: undefined };
  for (const { oid, critical, value } of extensions) {
    if (oid === oids.issuingDistributionPoint) scope = readDistributionPoint(inside(readDer(value, tags.sequence)));
    else if (critical) throw new Malformed('CRL: critical extension');
  }
  return scope;
}

function readDistributionPoint(fields: DerCursor): CrlScope {
  const name = fields.optional(0xa0);
  const users = fields.optional(0x81);
  const authorities = fields.optional(0x82);
  // onlySomeReasons, indirectCRL and onlyContainsAttributeCerts are left over and refused.
  fields.end();
  if (![users, authorities].every(isSet) || (users && authorities)) throw new Malformed('CRL: distribution point');
  const only = users ? 'users' : authorities ? 'authorities' : undefined;
  return { only, distributionPoint: name?.content };
}

/** Absent or TRUE: DER does not encode the default. @see X.690 §11.5 */
function isSet(flag: DerValue | undefined): boolean {
  return flag === undefined || (flag.length === 1 && flag.at(0) === 0xff);
}

/** The URLs of a certificate's complete CRLs. @throws Malformed @see RFC 5280 §4.2.1.13 */
export function crlUrls(extensions: readonly Extension[]): string[] {
  return distributionPoints(extensions).flatMap(({ name }) => {
    const full = name && readDer(name);
    if (full?.tag !== 0xa0) return [];
    return inside(full)
      .rest()
      .filter(({ tag }) => tag === 0x86)
      .map(({ content }) => content.toString('latin1'));
  });
}

/** Whether a CRL speaks of a certificate with these extensions. @throws Malformed @see RFC 5280 §6.3.3 (b)(2) */
export function isInScope(
  { only, distributionPoint }: CrlScope,
  extensions: readonly Extension[],
  isCa: boolean,
): boolean {
  if (only !== undefined && (only === 'authorities') !== isCa) return false;
  return (
    distributionPoint === undefined ||
    distributionPoints(extensions).some(({ name }) => name?.equals(distributionPoint) === true)
  );
}

function distributionPoints(extensions: readonly Extension[]): { readonly name: Buffer | undefined }[] {
  const extension = extensions.find(({ oid }) => oid === oids.cRLDistributionPoints);
  if (!extension) return [];
  const points: DerValue[] = inside(readDer(extension.value, tags.sequence)).rest(tags.sequence);
  return points.map((point) => ({ name: inside(point).optional(0xa0)?.content }));
}
