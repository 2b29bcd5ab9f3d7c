import { inside, only, readDer, tags, type DerCursor, type DerValue } from '../asn1/der.ts';
import { readIntegerBytes, readOctets, readOid, readSmallInteger } from '../asn1/der-values.ts';
import { oids } from '../asn1/oids.ts';
import { attempt, Malformed } from '../malformed.ts';
import { readHash, readSignatureScheme, type HashName, type SignatureScheme } from '../signature-scheme.ts';
import { parseCertificate, type Certificate } from '../x509/certificate.ts';
import { readAttributes, type CmsAttribute } from './attributes.ts';
import { CmsError } from './cms-error.ts';

export type SignerId =
  | { readonly kind: 'issuer'; readonly issuer: Buffer; readonly serial: Buffer }
  | { readonly kind: 'key'; readonly keyId: Buffer };

/** @see RFC 5652 §5.3 */
export interface SignerInfo {
  readonly id: SignerId;
  readonly digestHash: HashName;
  readonly scheme: SignatureScheme;
  /** The signed attributes as the signature covers them, as a SET OF. */
  readonly signedBytes: Buffer;
  readonly signed: readonly CmsAttribute[];
  readonly signature: Buffer;
  readonly unsigned: readonly CmsAttribute[];
}

/** A SignedData with exactly one signer, who signs attributes. @see RFC 5652 §5.1 */
export interface SignedData {
  readonly der: Buffer;
  readonly contentType: string;
  /** `undefined`: detached. */
  readonly content: Buffer | undefined;
  readonly certificates: readonly Certificate[];
  /** DER of each CRL. */
  readonly crls: readonly Buffer[];
  readonly signer: SignerInfo;
}

/** A bundle's seal brings its chain and that of nothing else; more would only cost time. */
const MAX_CERTIFICATES = 10;
const MAX_CRLS = 10;

/**
 * Reads a ContentInfo with SignedData, in DER throughout, with one signer. Nothing is verified.
 * @throws CmsError `format`
 * @see RFC 5652 §3, §5
 */
export function parseSignedData(der: Uint8Array): SignedData {
  const parsed = attempt(() => readContentInfo(der));
  if (parsed instanceof Malformed) throw new CmsError('format', parsed.message);
  return parsed;
}

function readContentInfo(der: Uint8Array): SignedData {
  const whole = readDer(der, tags.sequence);
  const outer = inside(whole);
  if (readOid(outer.next(tags.oid)) !== oids.signedData) throw new Malformed('CMS: not SignedData');
  const fields = inside(only(outer.next(0xa0)), tags.sequence);
  outer.end();
  const version = readSmallInteger(fields.next(tags.integer));
  const digests = inside(fields.next(tags.set)).rest(tags.sequence).map(readHash);
  const { contentType, content } = readEncapsulated(inside(fields.next(tags.sequence)));
  const certificates = listOf(fields.optional(0xa0), MAX_CERTIFICATES).map(({ raw }) => parseCertificate(raw));
  const crls = listOf(fields.optional(0xa1), MAX_CRLS).map(({ raw }) => raw);
  const signer = readSigner(inside(only(fields.next(tags.set)), tags.sequence));
  fields.end();
  if (version !== (contentType === oids.data && signer.id.kind === 'issuer' ? 1 : 3))
    throw new Malformed('CMS: version');
  if (digests.length !== 1 || digests[0] !== signer.digestHash) throw new Malformed('CMS: digestAlgorithms');
  return { der: whole.raw, contentType, content, certificates, crls, signer };
}

function readEncapsulated(fields: DerCursor): { contentType: string; content: Buffer | undefined } {
  const contentType = readOid(fields.next(tags.oid));
  const wrapper = fields.optional(0xa0);
  fields.end();
  return { contentType, content: wrapper && readOctets(only(wrapper)) };
}

/** Only the plain choices: a certificate of X.509, a CRL of X.509. */
function listOf(wrapper: DerValue | undefined, limit: number): DerValue[] {
  const values = wrapper ? inside(wrapper).rest(tags.sequence) : [];
  if (values.length > limit) throw new Malformed('CMS: too many certificates or CRLs');
  return values;
}

function readSigner(fields: DerCursor): SignerInfo {
  const version = readSmallInteger(fields.next(tags.integer));
  const id = readSignerId(fields.next());
  if (version !== (id.kind === 'issuer' ? 1 : 3)) throw new Malformed('CMS: version of the signer');
  const digestHash = readHash(fields.next(tags.sequence));
  const signedAttributes = fields.next(0xa0);
  const scheme = readSignatureScheme(fields.next(tags.sequence), digestHash);
  const signature = readOctets(fields.next(tags.octetString));
  const unsigned = fields.optional(0xa1);
  fields.end();
  // The signature is over the SET OF's own tag, not over the IMPLICIT one (RFC 5652 §5.4).
  const signedBytes = Buffer.from(signedAttributes.raw);
  signedBytes[0] = tags.set;
  return {
    id,
    digestHash,
    scheme,
    signedBytes,
    signed: readAttributes(inside(signedAttributes)),
    signature,
    unsigned: unsigned ? readAttributes(inside(unsigned)) : [],
  };
}

function readSignerId(value: DerValue): SignerId {
  if (value.tag === 0x80) return { kind: 'key', keyId: value.content };
  const fields = inside(value, tags.sequence);
  const issuer = fields.next(tags.sequence).raw;
  const serial = readIntegerBytes(fields.next(tags.integer));
  fields.end();
  return { kind: 'issuer', issuer, serial };
}
