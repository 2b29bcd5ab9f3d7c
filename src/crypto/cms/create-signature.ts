import { inside, only, readDer, tags } from '../asn1/der.ts';
import { readOid } from '../asn1/der-values.ts';
import {
  context,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  smallInteger,
  time,
} from '../asn1/der-writer.ts';
import { oids } from '../asn1/oids.ts';
import { Malformed } from '../malformed.ts';
import { writeHash, writeSignatureScheme, type SignatureScheme } from '../signature-scheme.ts';
import { parseCertificate, type Certificate } from '../x509/certificate.ts';
import { writeAttribute } from './attributes.ts';
import { writeSigningCertificate } from './signing-certificate.ts';

export interface SignatureOrder {
  /** Digest of the content under the scheme's hash. */
  readonly contentDigest: Buffer;
  readonly scheme: SignatureScheme;
  /** Signs the bytes, hashing them itself; an ECDSA signature is returned in DER. */
  readonly sign: (toBeSigned: Buffer) => Promise<Buffer>;
  /** DER, the signer's first. */
  readonly certificates: readonly [Buffer, ...Buffer[]];
  /** DER. */
  readonly crls: readonly Buffer[];
  /** Written in whole seconds. */
  readonly signingTime: Date;
}

/**
 * A detached CAdES signature of baseline level B-B, in DER: signed are content-type, message-digest, signing-time and
 * signing-certificate-v2.
 * @throws Malformed if the first certificate is none
 * @see RFC 5652 §5; ETSI EN 319 122-1 §5, §6.3
 */
export async function createSignature(order: SignatureOrder): Promise<Buffer> {
  const { scheme, certificates, crls } = order;
  const signer = parseCertificate(certificates[0]);
  const hash = writeHash(scheme.hash);
  const signed = [
    writeAttribute(oids.contentType, objectIdentifier(oids.data)),
    writeAttribute(oids.messageDigest, octetString(order.contentDigest)),
    writeAttribute(oids.signingTime, time(order.signingTime)),
    writeSigningCertificate(scheme.hash, signer.der),
  ];
  const toBeSigned = setOf(signed);
  const signature = await order.sign(toBeSigned);
  const info = sequence(
    smallInteger(1),
    sequence(signer.issuer.der, serialOf(signer)),
    hash,
    retagged(toBeSigned, 0xa0),
    writeSignatureScheme(scheme),
    octetString(signature),
  );
  const signedData = sequence(
    smallInteger(1),
    setOf([hash]),
    sequence(objectIdentifier(oids.data)),
    retagged(setOf(certificates), 0xa0),
    ...(crls.length > 0 ? [retagged(setOf(crls), 0xa1)] : []),
    setOf([info]),
  );
  return sequence(objectIdentifier(oids.signedData), context(0, signedData));
}

const serialOf = ({ serial }: Certificate): Buffer => integer(serial);

function retagged(der: Buffer, tag: number): Buffer {
  const copy = Buffer.from(der);
  copy[0] = tag;
  return copy;
}

/**
 * The same SignedData with one more unsigned attribute of its signer; every signed byte stays.
 * @param der one signer, as {@link createSignature} makes it
 * @param value of the attribute, in DER
 * @throws Malformed if it is another structure, or has an attribute of this type
 * @see RFC 5652 §5.3; ETSI EN 319 122-1 §5.3 (signature-time-stamp)
 */
export function addUnsigned(der: Uint8Array, attribute: { readonly type: string; readonly value: Buffer }): Buffer {
  const [, wrapper] = inside(readDer(der, tags.sequence)).rest();
  const fields = wrapper ? inside(only(wrapper)).rest() : [];
  const signers = fields[fields.length - 1];
  if (!signers) throw new Malformed('CMS: not SignedData');
  const parts = inside(only(signers), tags.sequence).rest();
  const last = parts[parts.length - 1];
  const unsigned = last?.tag === 0xa1 ? inside(last).rest(tags.sequence) : [];
  if (unsigned.some((each) => readOid(inside(each).next(tags.oid)) === attribute.type)) {
    throw new Malformed('CMS: the unsigned attribute is there');
  }
  const kept = parts.filter(({ tag }) => tag !== 0xa1).map(({ raw }) => raw);
  const added = setOf([...unsigned.map(({ raw }) => raw), writeAttribute(attribute.type, attribute.value)]);
  const info = sequence(...kept, retagged(added, 0xa1));
  const before = fields.slice(0, -1).map(({ raw }) => raw);
  return sequence(objectIdentifier(oids.signedData), context(0, sequence(...before, setOf([info]))));
}
