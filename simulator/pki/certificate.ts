import { createHash, randomBytes, sign, type KeyObject } from 'node:crypto';
import {
  bitString,
  certificateTime,
  context,
  contextPrimitive,
  derNull,
  derTrue,
  ia5Bytes,
  integer,
  objectIdentifier,
  octetString,
  printableString,
  sequence,
  set,
  smallInteger,
  utf8String,
} from './der.ts';
import { oids } from './oids.ts';

type NameAttribute = readonly [
  type:
    | 'countryName'
    | 'organizationName'
    | 'organizationalUnitName'
    | 'surname'
    | 'givenName'
    | 'serialNumber'
    | 'name'
    | 'commonName',
  value: string,
];

/** A distinguished name in the order in which it is encoded. */
export type Name = readonly NameAttribute[];

export type SignatureDigest = 'sha256' | 'sha512';

export interface CertificateFacts {
  readonly subject: Name;
  readonly publicKey: KeyObject;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: readonly Buffer[];
}

export interface Issuer {
  readonly name: Name;
  readonly privateKey: KeyObject;
  readonly digest: SignatureDigest;
}

export interface IssuedCertificate {
  readonly der: Buffer;
  readonly serial: Buffer;
}

/** Issues an X.509 v3 certificate (RFC 5280 §4.1) with a random positive serial number of 64 bits. */
export async function issueCertificate(facts: CertificateFacts, issuer: Issuer): Promise<IssuedCertificate> {
  const serial = randomBytes(8);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x01;
  const algorithm = signatureAlgorithm(issuer.digest, issuer.privateKey);
  const toBeSigned = sequence(
    context(0, smallInteger(2)),
    integer(serial),
    algorithm,
    encodeName(issuer.name),
    sequence(certificateTime(facts.notBefore), certificateTime(facts.notAfter)),
    encodeName(facts.subject),
    facts.publicKey.export({ type: 'spki', format: 'der' }),
    context(3, sequence(...facts.extensions)),
  );
  const signature = await signWith(issuer.digest, toBeSigned, issuer.privateKey);
  return { der: sequence(toBeSigned, algorithm, bitString(signature)), serial };
}

/** RSASSA-PKCS1-v1_5, or ECDSA in DER if the key is of a curve; computed off the event loop. */
export function signWith(digest: SignatureDigest, bytes: Uint8Array, key: KeyObject): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    sign(digest, bytes, key, (error, signature) => {
      if (error) reject(error);
      else resolve(signature);
    });
  });
}

export function signatureAlgorithm(digest: SignatureDigest, key: KeyObject): Buffer {
  if (key.asymmetricKeyType === 'ec') return sequence(objectIdentifier(oids.ecdsaWithSHA256));
  const oid = digest === 'sha512' ? oids.sha512WithRSAEncryption : oids.sha256WithRSAEncryption;
  return sequence(objectIdentifier(oid), derNull());
}

/** Country and serial number as PrintableString, all else as UTF8String, one attribute per RDN: as BankID writes names. */
export function encodeName(name: Name): Buffer {
  return sequence(
    ...name.map(([type, value]) => {
      const printable = type === 'countryName' || type === 'serialNumber';
      return set(sequence(objectIdentifier(oids[type]), printable ? printableString(value) : utf8String(value)));
    }),
  );
}

/** SHA-1 of the key's BIT STRING contents: the key identifier of RFC 5280 §4.2.1.2 (1), and OCSP's issuerKeyHash. */
export function keyIdentifier(publicKey: KeyObject): Buffer {
  const isCurve = publicKey.asymmetricKeyType === 'ec';
  // The uncompressed point of P-256 is the end of the SubjectPublicKeyInfo.
  const octets = isCurve
    ? publicKey.export({ type: 'spki', format: 'der' }).subarray(-65)
    : publicKey.export({ type: 'pkcs1', format: 'der' });
  return createHash('sha1').update(octets).digest();
}

/** `Extension`, of a certificate, a CRL or an entry in one. @see RFC 5280 §4.1 */
export const extension = (oid: string, critical: boolean, value: Buffer): Buffer =>
  sequence(objectIdentifier(oid), ...(critical ? [derTrue()] : []), octetString(value));

const keyUsageBits = {
  digitalSignature: [0x80, 7],
  nonRepudiation: [0x40, 6],
  signatures: [0xc0, 6],
  certificates: [0x06, 1],
  tls: [0xa0, 5],
} as const;

/** The extensions, each encoded as the genuine certificates have it. */
export const extensions = {
  certificateAuthority: (): Buffer => extension(oids.basicConstraints, true, sequence(derTrue())),
  keyUsage: (usage: keyof typeof keyUsageBits): Buffer => {
    const [bits, unused] = keyUsageBits[usage];
    return extension(oids.keyUsage, true, bitString(Buffer.from([bits]), unused));
  },
  extendedKeyUsage: (oid: string, critical: boolean, ...others: readonly string[]): Buffer =>
    extension(oids.extKeyUsage, critical, sequence(...[oid, ...others].map(objectIdentifier))),
  /** DistributionPoint [0] { fullName [0] { URI [6] } }. */
  crlAt: (url: string): Buffer =>
    extension(
      oids.cRLDistributionPoints,
      false,
      sequence(sequence(context(0, context(0, contextPrimitive(6, ia5Bytes(url)))))),
    ),
  policy: (oid: string): Buffer =>
    extension(oids.certificatePolicies, false, sequence(sequence(objectIdentifier(oid)))),
  subjectKeyIdentifier: (key: KeyObject): Buffer =>
    extension(oids.subjectKeyIdentifier, false, octetString(keyIdentifier(key))),
  authorityKeyIdentifier: (key: KeyObject): Buffer =>
    extension(oids.authorityKeyIdentifier, false, sequence(contextPrimitive(0, keyIdentifier(key)))),
  ocspNoCheck: (): Buffer => extension(oids.ocspNoCheck, false, derNull()),
  ocspAt: (url: string): Buffer =>
    extension(
      oids.authorityInfoAccess,
      false,
      sequence(sequence(objectIdentifier(oids.ocsp), contextPrimitive(6, ia5Bytes(url)))),
    ),
  serverNames: (names: readonly string[], addresses: readonly Buffer[]): Buffer =>
    extension(
      oids.subjectAltName,
      false,
      sequence(
        ...names.map((name) => contextPrimitive(2, ia5Bytes(name))),
        ...addresses.map((ip) => contextPrimitive(7, ip)),
      ),
    ),
} as const;
