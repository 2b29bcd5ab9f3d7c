import type { X509Certificate } from 'node:crypto';

/** The one field of a certificate by which a client is known (RFC 8705 §2.1.2). */
export interface TlsSubject {
  readonly field: keyof typeof subjectFields;
  readonly value: string;
}

/** How each field is named in the standard's metadata, and where it stands in a certificate. */
export const subjectFields = {
  tls_client_auth_subject_dn: (certificate: X509Certificate, value: string) => subjectOf(certificate) === value,
  tls_client_auth_san_dns: (certificate: X509Certificate, value: string) => hasName(certificate, `DNS:${value}`),
  tls_client_auth_san_uri: (certificate: X509Certificate, value: string) => hasName(certificate, `URI:${value}`),
  tls_client_auth_san_ip: (certificate: X509Certificate, value: string) => hasName(certificate, `IP Address:${value}`),
  tls_client_auth_san_email: (certificate: X509Certificate, value: string) => hasName(certificate, `email:${value}`),
} as const;

export function isSubject(certificate: X509Certificate, { field, value }: TlsSubject): boolean {
  return subjectFields[field](certificate, value);
}

/** RFC 4514, last attribute first, as `openssl x509 -subject -nameopt RFC2253,-esc_msb,utf8` prints it. */
function subjectOf(certificate: X509Certificate): string {
  // Node gives one attribute to a line, escaped by RFC 2253, and ` + ` between those of one RDN.
  return certificate.subject
    .split('\n')
    .reverse()
    .map((line) => line.replaceAll(' + ', '+'))
    .join(',');
}

/** Node quotes names that hold commas or quotes: with one of those the list cannot be told apart, and none is accepted. */
function hasName({ subjectAltName }: X509Certificate, name: string): boolean {
  return subjectAltName !== undefined && !subjectAltName.includes('"') && subjectAltName.split(', ').includes(name);
}
