import { X509Certificate } from 'node:crypto';
import { DomainError } from '../../kernel/errors.ts';

/** A structured-field byte sequence (RFC 8941 §3.3.5) of at most 12 kB. */
const BYTE_SEQUENCE = /^:([A-Za-z0-9+/]{1,16384}={0,2}):$/;

/**
 * The certificate that a proxy forwards, DER in base64 between colons.
 * @throws DomainError `client.certificate-invalid`
 * @see RFC 9440 §2.1, §2.2
 */
export function parseClientCert(header: string): X509Certificate {
  const base64 = BYTE_SEQUENCE.exec(header.trim())?.[1];
  try {
    if (base64 !== undefined) return new X509Certificate(Buffer.from(base64, 'base64'));
  } catch {
    // Refused below, like anything that is not a certificate.
  }
  throw new DomainError('client.certificate-invalid', { detail: 'The header Client-Cert holds no certificate.' });
}
