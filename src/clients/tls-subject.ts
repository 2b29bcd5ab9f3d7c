import type { X509Certificate } from 'node:crypto';
import { findIpAddress } from '../kernel/web/ip-address.ts';

/** The one field of a certificate by which a client is known (RFC 8705 §2.1.2). */
export interface TlsSubject {
  readonly field: keyof typeof subjectFields;
  readonly value: string;
}

/** The standard's metadata name of each field, and its place in a certificate. */
export const subjectFields = {
  tls_client_auth_subject_dn: (certificate: X509Certificate, value: string) => isSubjectName(certificate, value),
  tls_client_auth_san_dns: (certificate: X509Certificate, value: string) => hasName(certificate, `DNS:${value}`),
  tls_client_auth_san_uri: (certificate: X509Certificate, value: string) => hasName(certificate, `URI:${value}`),
  tls_client_auth_san_ip: (certificate: X509Certificate, value: string) => hasAddress(certificate, value),
  tls_client_auth_san_email: (certificate: X509Certificate, value: string) => hasName(certificate, `email:${value}`),
} as const;

export function isSubject(certificate: X509Certificate, { field, value }: TlsSubject): boolean {
  return subjectFields[field](certificate, value);
}

/**
 * RFC 4514, last attribute first, as printed by `openssl x509 -subject -nameopt RFC2253,-esc_msb,utf8`. The attributes of one relative
 * name are a set (RFC 4514 §2.2), which programs print in any order.
 */
function isSubjectName(certificate: X509Certificate, value: string): boolean {
  // Node prints one relative name per line, in encoded order, escaped by RFC 2253, with ` + ` between its attributes.
  const names = certificate.subject.split('\n').reverse().map(sortedAttributes);
  const registered = splitUnescaped(value, ',').map(sortedAttributes);
  return names.length === registered.length && names.every((name, index) => name === registered[index]);
}

function sortedAttributes(name: string): string {
  const attributes = splitUnescaped(name, '+');
  return attributes.length === 1 ? name : attributes.map(trimSpaces).sort().join('+');
}

/** Spaces at the ends of a value are escaped; others are not part of it. */
function trimSpaces(attribute: string): string {
  return attribute.replace(/^ /, '').replace(/(?<!\\) $/, '');
}

/** A separator after an odd number of backslashes is part of a value. */
function splitUnescaped(text: string, separator: ',' | '+'): string[] {
  return text.split(separator === ',' ? /(?<=(?<!\\)(?:\\\\)*),/ : /(?<=(?<!\\)(?:\\\\)*)\+/);
}

/** An IPv6 address has many spellings; Node writes it in full and in capitals. */
function hasAddress(certificate: X509Certificate, value: string): boolean {
  const address = findIpAddress(value)?.toString();
  return (
    address !== undefined &&
    namesOf(certificate, 'IP Address:').some((name) => findIpAddress(name)?.toString() === address)
  );
}

function hasName(certificate: X509Certificate, name: string): boolean {
  return namesOf(certificate, '').includes(name);
}

/** Node quotes names with commas or quotes. Such a list is ambiguous, so no name of it is accepted. */
function namesOf({ subjectAltName }: X509Certificate, prefix: string): string[] {
  if (subjectAltName === undefined || subjectAltName.includes('"')) return [];
  const names = subjectAltName.split(', ').filter((name) => name.startsWith(prefix));
  return names.map((name) => name.slice(prefix.length));
}
