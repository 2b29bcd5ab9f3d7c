import { hash, X509Certificate } from 'node:crypto';
import { inside, readDer, tags, type DerCursor, type DerValue } from '../asn1/der.ts';
import { readBitOctets, readIntegerBytes, readNull, readOid, readSmallInteger, readTime } from '../asn1/der-values.ts';
import { readName, type DistinguishedName } from './distinguished-name.ts';
import { attempt, Malformed } from '../malformed.ts';
import { oids } from '../asn1/oids.ts';
import {
  findDuplicate,
  interpretExtensions,
  readExtensions,
  type CertificateExtensions,
  type Extension,
} from './extensions.ts';

export interface PublicKeyInfo {
  /** SubjectPublicKeyInfo in DER. */
  readonly spki: Buffer;
  /** The octets of subjectPublicKey, over which a CertID's key hash goes (RFC 6960 §4.1.1). */
  readonly keyOctets: Buffer;
  /** `undefined` unless it is an RSA key with NULL parameters. */
  readonly rsa: { readonly modulusBits: number; readonly exponent: number } | undefined;
}

export interface Certificate {
  readonly der: Buffer;
  readonly tbs: Buffer;
  /** Content octets of the serialNumber. */
  readonly serial: Buffer;
  readonly signatureAlgorithm: string;
  readonly signature: Buffer;
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKey: PublicKeyInfo;
  readonly extensions: CertificateExtensions;
  /** Well-formed DER that nevertheless breaks RFC 5280; a path through such a certificate is refused. */
  readonly faults: readonly string[];
}

/**
 * Reads one X.509 v3 certificate in DER.
 * @throws Malformed when it is not DER of a certificate; what only breaks RFC 5280's rules is listed in `faults`
 * @see RFC 5280 §4.1
 */
export function parseCertificate(der: Uint8Array): Certificate {
  const whole = readDer(der, tags.sequence);
  const outer = inside(whole);
  const tbs = outer.next(tags.sequence);
  const signatureAlgorithm = outer.next(tags.sequence);
  const signature = readBitOctets(outer.next(tags.bitString));
  outer.end();
  const body = readBody(inside(tbs));
  const extensions = attempt(() => interpretExtensions(body.extensions));
  const faults = [
    ...body.faults,
    ...(signatureAlgorithm.raw.equals(body.innerAlgorithm) ? [] : ['signatureAlgorithm differs from tbs.signature']),
    ...(findDuplicate(body.extensions) === undefined ? [] : ['duplicate extension']),
    ...(extensions instanceof Malformed ? ['malformed extension'] : []),
  ];
  return {
    der: whole.raw,
    tbs: tbs.raw,
    signatureAlgorithm: readAlgorithm(signatureAlgorithm),
    signature,
    serial: body.serial,
    issuer: body.issuer,
    subject: body.subject,
    notBefore: body.notBefore,
    notAfter: body.notAfter,
    publicKey: body.publicKey,
    extensions: extensions instanceof Malformed ? interpretExtensions([]) : extensions,
    faults,
  };
}

/** SHA-256 of the DER in lower-case hex. */
export function fingerprint(certificate: Certificate): string {
  return hash('sha256', certificate.der, 'hex');
}

/**
 * The one certificate of a PEM file.
 * @throws Malformed when it holds none, or more than one
 */
export function parsePemCertificate(pem: string): Certificate {
  const blocks = blocksOf(pem);
  const [block] = blocks;
  if (block === undefined || blocks.length !== 1) throw new Malformed('a PEM file with one certificate is expected');
  try {
    return parseCertificate(new X509Certificate(block).raw);
  } catch (error) {
    throw error instanceof Malformed ? error : new Malformed('not a certificate in PEM');
  }
}

/**
 * All certificates of a PEM file, in its order; text between them is ignored.
 * @throws Malformed when it holds none, or a broken one
 */
export function parsePemCertificates(pem: string): Certificate[] {
  const blocks = blocksOf(pem);
  if (blocks.length === 0) throw new Malformed('a PEM file with certificates is expected');
  return blocks.map(parsePemCertificate);
}

function blocksOf(pem: string): readonly string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
}

interface Body {
  readonly serial: Buffer;
  readonly innerAlgorithm: Buffer;
  readonly issuer: DistinguishedName;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly subject: DistinguishedName;
  readonly publicKey: PublicKeyInfo;
  readonly extensions: readonly Extension[];
  readonly faults: readonly string[];
}

function readBody(fields: DerCursor): Body {
  const version = fields.optional(0xa0);
  const number = version ? readSmallInteger(inside(version).next(tags.integer)) : 0;
  const serial = readIntegerBytes(fields.next(tags.integer));
  const innerAlgorithm = fields.next(tags.sequence).raw;
  const issuer = readName(fields.next(tags.sequence));
  const validity = inside(fields.next(tags.sequence));
  const notBefore = readTime(validity.next());
  const notAfter = readTime(validity.next());
  validity.end();
  const subject = readName(fields.next(tags.sequence));
  const publicKey = readPublicKey(fields.next(tags.sequence));
  const wrapper = fields.optional(0xa3);
  fields.end();
  const extensions = wrapper ? readExtensions(inside(readDer(wrapper.content, tags.sequence))) : [];
  const faults = [
    ...(number === 2 ? [] : ['not version 3']),
    ...(isGoodSerial(serial) ? [] : ['serialNumber not positive or longer than 20 octets']),
  ];
  return { serial, innerAlgorithm, issuer, notBefore, notAfter, subject, publicKey, extensions, faults };
}

/** @see RFC 5280 §4.1.2.2 */
function isGoodSerial(serial: Buffer): boolean {
  const [first = 0x80] = serial;
  return serial.length <= 20 && first < 0x80 && serial.some((octet) => octet !== 0);
}

/** The OID of an AlgorithmIdentifier; its parameters must be NULL or absent, which rules out RSASSA-PSS. */
export function readAlgorithm(value: DerValue): string {
  const fields = inside(value, tags.sequence);
  const oid = readOid(fields.next(tags.oid));
  const parameters = fields.optional(tags.null);
  if (parameters) readNull(parameters);
  fields.end();
  return oid;
}

function readPublicKey(value: DerValue): PublicKeyInfo {
  const fields = inside(value);
  const algorithm = fields.next(tags.sequence);
  const keyOctets = readBitOctets(fields.next(tags.bitString));
  fields.end();
  const isRsa = attempt(() => readAlgorithm(algorithm)) === oids.rsaEncryption;
  return { spki: value.raw, keyOctets, rsa: isRsa ? readRsaKey(keyOctets) : undefined };
}

function readRsaKey(octets: Buffer): { modulusBits: number; exponent: number } {
  const fields = inside(readDer(octets, tags.sequence));
  const modulus = readIntegerBytes(fields.next(tags.integer));
  const exponent = readSmallInteger(fields.next(tags.integer));
  fields.end();
  const magnitude = modulus[0] === 0 ? modulus.subarray(1) : modulus;
  const [top = 0] = magnitude;
  if (modulus[0] === undefined || modulus[0] >= 0x80) throw new Malformed('RSA modulus not positive');
  return { modulusBits: magnitude.length * 8 - Math.clz32(top) + 24, exponent };
}
