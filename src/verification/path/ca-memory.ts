import { hash as digest, type KeyObject } from 'node:crypto';
import { findRsaHash, importRsaKey, isRsaSignature } from '../../crypto/rsa.ts';
import { parseCertificate, type Certificate } from '../../crypto/x509/certificate.ts';

const LIMIT = 64;

/** CA and responder certificates read before, the latest last. Never a payer's. */
let known: readonly Certificate[] = [];
const keys = new WeakMap<Certificate, KeyObject>();
const namedBy = new WeakMap<Certificate, Map<CertIdHash, IssuerDigests>>();
/** Which certificate (by object) was found signed by which issuer. */
const signedBy = new WeakMap<Certificate, WeakSet<Certificate>>();

/** Reads a certificate that is not a payer's, or takes it from memory: found by all of its octets. @throws Malformed */
export function parseCaCertificate(der: Buffer): Certificate {
  return known.find((certificate) => certificate.der.equals(der)) ?? parseCertificate(der);
}

/**
 * Keeps certificates that have been found to belong to BankID's CAs under a given root, so that strangers cannot fill
 * the memory; a CA's certificate holds no personal data.
 */
export function rememberCaCertificates(certificates: readonly Certificate[]): void {
  const unknown = certificates.filter((certificate) => !isKnown(certificate));
  if (unknown.length > 0) known = [...known, ...unknown.map(detach)].slice(-LIMIT);
}

function isKnown(certificate: Certificate): boolean {
  return known.includes(certificate) || known.some(({ der }) => der.equals(certificate.der));
}

/** Read again from octets of its own: a view would keep alive what the certificate came with, a payer's document. */
function detach({ der }: Certificate): Certificate {
  const octets = Buffer.alloc(der.length);
  der.copy(octets);
  return parseCertificate(octets);
}

/** Whether `issuer`'s key made `certificate`'s signature. An issuer is a CA, so its key is imported once. */
export function isSignedBy(certificate: Certificate, issuer: Certificate, subjectKind: 'payer' | 'ca'): boolean {
  if (signedBy.get(certificate)?.has(issuer)) return true;
  const hash = findRsaHash(certificate.signatureAlgorithm);
  const key = findCaKey(issuer);
  if (!hash || !key || !isRsaSignature(hash, key, certificate.tbs, certificate.signature)) return false;
  if (subjectKind === 'ca') {
    const issuers = signedBy.get(certificate) ?? new WeakSet();
    signedBy.set(certificate, issuers.add(issuer));
  }
  return true;
}

/** An issuer's key, for the signatures it makes itself (a responder's over its responses). */
export function findCaKey(issuer: Certificate): KeyObject | undefined {
  const remembered = keys.get(issuer);
  if (remembered) return remembered;
  const key = importRsaKey(issuer.publicKey);
  if (key) keys.set(issuer, key);
  return key;
}

export type CertIdHash = 'sha1' | 'sha256';

interface IssuerDigests {
  readonly name: Buffer;
  readonly key: Buffer;
}

/** What a CertID calls an issuer by. @see RFC 6960 §4.1.1 */
export function issuerDigests(issuer: Certificate, hash: CertIdHash): IssuerDigests {
  const digests = namedBy.get(issuer) ?? new Map<CertIdHash, IssuerDigests>();
  const remembered = digests.get(hash);
  if (remembered) return remembered;
  const made = {
    name: digest(hash, issuer.subject.der, 'buffer'),
    key: digest(hash, issuer.publicKey.keyOctets, 'buffer'),
  };
  namedBy.set(issuer, digests.set(hash, made));
  return made;
}
