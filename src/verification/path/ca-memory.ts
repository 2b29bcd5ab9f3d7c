import { createHash, type KeyObject } from 'node:crypto';
import { importRsaKey, isRsaSignature, findRsaHash } from '../../crypto/rsa.ts';
import type { Certificate } from '../../crypto/x509.ts';

const LIMIT = 64;

/** CA and responder certificates read before, by SHA-256 of their DER. Never a payer's. */
const known = new Map<string, Certificate>();
const keys = new WeakMap<Certificate, KeyObject>();
/** Which certificate (by object) was found signed by which issuer. */
const signedBy = new WeakMap<Certificate, WeakSet<Certificate>>();

/** Reads a certificate that is not a payer's, or takes it from memory. @throws Malformed */
export function parseCaCertificate(der: Buffer, parse: (der: Buffer) => Certificate): Certificate {
  const digest = createHash('sha256').update(der).digest('base64');
  return known.get(digest) ?? parse(der);
}

/**
 * Keeps certificates that have been found to belong to BankID's CAs under a given root, so that strangers cannot fill
 * the memory; what holds nobody's person may be kept.
 */
export function rememberCaCertificates(certificates: readonly Certificate[]): void {
  for (const certificate of certificates) {
    const digest = createHash('sha256').update(certificate.der).digest('base64');
    if (known.has(digest)) continue;
    if (known.size >= LIMIT) known.clear();
    known.set(digest, certificate);
  }
}

/** Whether `issuer`'s key made `certificate`'s signature. An issuer is a CA, so its key is imported once. */
export function isSignedBy(certificate: Certificate, issuer: Certificate, subjectKind: 'payer' | 'ca'): boolean {
  if (signedBy.get(certificate)?.has(issuer)) return true;
  const hash = findRsaHash(certificate.signatureAlgorithm);
  const key = keyOf(issuer);
  if (!hash || !key || !isRsaSignature(hash, key, certificate.tbs, certificate.signature)) return false;
  if (subjectKind === 'ca') {
    const issuers = signedBy.get(certificate) ?? new WeakSet();
    signedBy.set(certificate, issuers.add(issuer));
  }
  return true;
}

function keyOf(issuer: Certificate): KeyObject | undefined {
  const remembered = keys.get(issuer);
  if (remembered) return remembered;
  const key = importRsaKey(issuer.publicKey);
  if (key) keys.set(issuer, key);
  return key;
}

/** An issuer's key, for the signatures it makes itself (a responder's over its responses). */
export { keyOf as findCaKey };
