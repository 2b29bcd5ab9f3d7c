import { X509Certificate } from 'node:crypto';

const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';

/**
 * Whether one of the configured CAs issued this certificate directly, for client authentication, and it is valid now. There is
 * no path to build: an intermediate CA that issues client certificates is configured like any other.
 * @see RFC 5280 §4.1.2.5, §4.2.1.12
 */
export function isIssuedByOneOf(certificate: X509Certificate, cas: readonly X509Certificate[], now: Date): boolean {
  const issuer = cas.find((ca) => ca.ca && certificate.checkIssued(ca) && certificate.verify(ca.publicKey));
  return issuer !== undefined && isValid(issuer, now) && isValid(certificate, now) && isForClients(certificate);
}

function isValid({ validFromDate, validToDate }: X509Certificate, now: Date): boolean {
  return validFromDate <= now && now <= validToDate;
}

/** A certificate without extended key usage may be used for any purpose. */
function isForClients(certificate: X509Certificate): boolean {
  // Undefined without the extension, contrary to Node's types.
  const usages = certificate.keyUsage as readonly string[] | undefined;
  return usages === undefined || usages.includes(CLIENT_AUTHENTICATION);
}
