import { hash } from 'node:crypto';
import { inside, tags, type DerCursor, type DerValue } from '../asn1/der.ts';
import { readIntegerBytes, readOctets } from '../asn1/der-values.ts';
import { octetString, sequence } from '../asn1/der-writer.ts';
import { oids } from '../asn1/oids.ts';
import { Malformed } from '../malformed.ts';
import { readHash, writeHash, type HashName } from '../signature-scheme.ts';
import type { Certificate } from '../x509/certificate.ts';
import { findValue, writeAttribute, type CmsAttribute } from './attributes.ts';

/**
 * Whether the signed attributes name `certificate` as the signer's, by a hash of SHA-256 or stronger. The first identifier of
 * signing-certificate-v2 decides. SHA-1, of the attribute's first version, proves too little to stand alone, so a signature with
 * nothing else is refused; where the first version is there as well, it must name the same certificate.
 * @throws Malformed
 * @see RFC 5035 §3, §5; RFC 5816 §2.2.1
 */
export function namesCertificate(signed: readonly CmsAttribute[], certificate: Certificate): boolean {
  const second = findValue(signed, oids.signingCertificateV2);
  const first = findValue(signed, oids.signingCertificate);
  if (!second) return false;
  if (first && !isNamed(readFirstId(first), certificate, false)) return false;
  return isNamed(readFirstId(second), certificate, true);
}

/** The first ESSCertID: it is the signer's; the others name its issuers. @see RFC 5035 §3 */
function readFirstId(attribute: DerValue): DerCursor {
  const fields = inside(attribute, tags.sequence);
  const ids = inside(fields.next(tags.sequence));
  const id = inside(ids.next(tags.sequence));
  ids.rest(tags.sequence);
  const policies = fields.optional(tags.sequence);
  if (policies) inside(policies).rest(tags.sequence);
  fields.end();
  return id;
}

/** `ESSCertIDv2 ::= SEQUENCE { hashAlgorithm DEFAULT sha256, certHash, issuerSerial OPTIONAL }`; the first version has no algorithm. */
function isNamed(id: DerCursor, certificate: Certificate, hasAlgorithm: boolean): boolean {
  const algorithm = hasAlgorithm ? id.optional(tags.sequence) : undefined;
  const name = algorithm ? readHash(algorithm) : hasAlgorithm ? 'sha256' : 'sha1';
  const digest = readOctets(id.next(tags.octetString));
  const issuerSerial = id.optional(tags.sequence);
  id.end();
  if (!digest.equals(hash(name, certificate.der, 'buffer'))) return false;
  return issuerSerial === undefined || isIssuerSerial(inside(issuerSerial), certificate);
}

/** `IssuerSerial ::= SEQUENCE { issuer GeneralNames, serialNumber }`; a directoryName is tagged [4]. @see RFC 5035 §5 */
function isIssuerSerial(fields: DerCursor, certificate: Certificate): boolean {
  const names = inside(fields.next(tags.sequence)).rest();
  const serial = readIntegerBytes(fields.next(tags.integer));
  fields.end();
  const [name] = names;
  if (!name || names.length !== 1) throw new Malformed('CMS: issuer of the signing certificate');
  const isIssuer = name.tag === 0xa4 && name.content.equals(certificate.issuer.der);
  return isIssuer && serial.equals(certificate.serial);
}

/** The attribute signing-certificate-v2, in DER, which omits SHA-256 as the default. @see RFC 5035 §3 */
export function writeSigningCertificate(name: HashName, certificate: Buffer): Buffer {
  const algorithm = name === 'sha256' ? [] : [writeHash(name)];
  const id = sequence(...algorithm, octetString(hash(name, certificate, 'buffer')));
  return writeAttribute(oids.signingCertificateV2, sequence(sequence(id)));
}
