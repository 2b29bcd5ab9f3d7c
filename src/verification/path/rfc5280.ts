import { sameName } from '../../crypto/distinguished-name.ts';
import type { Certificate } from '../../crypto/x509.ts';
import { findUnknownCritical, keyUsageBits } from '../../crypto/x509-extensions.ts';
import type { TrustAnchor } from '../trust-anchors.ts';
import { isSignedBy, rememberCaCertificates } from './ca-memory.ts';

/**
 * The first rule of path validation that a chain breaks; validity periods and policies apart.
 * @param chain leaf first, its last certificate issued by the anchor
 * @see RFC 5280 §6.1.3–6.1.5
 */
export function findPathFault(chain: readonly Certificate[], anchor: TrustAnchor): string | undefined {
  const issuerOf = (index: number): Certificate => chain[index + 1] ?? anchor.certificate;
  for (const [index, certificate] of chain.entries()) {
    const issuer = issuerOf(index);
    const fault =
      findCertificateFault(certificate) ??
      (sameName(certificate.issuer, issuer.subject) ? undefined : 'issuer name') ??
      findIssuerFault(issuer, index);
    if (fault !== undefined) return `${describe(index)}: ${fault}`;
  }
  // From the root down: a chain that strangers made ends at its first signature, before their keys cost us any work.
  const unsigned = chain.findLastIndex((certificate, index) => {
    return !isSignedBy(certificate, issuerOf(index), index === 0 ? 'payer' : 'ca');
  });
  if (unsigned !== -1) return `${describe(unsigned)}: signature does not verify`;
  rememberCaCertificates(chain.slice(1));
  return undefined;
}

function describe(index: number): string {
  return index === 0 ? 'the signing certificate' : `CA certificate ${index}`;
}

/** What makes a certificate unusable by itself. */
export function findCertificateFault(certificate: Certificate): string | undefined {
  const unknown = findUnknownCritical(certificate.extensions);
  return certificate.faults[0] ?? (unknown === undefined ? undefined : `unknown critical extension ${unknown}`);
}

/** What forbids `issuer` to issue a certificate below which `depth` CA certificates follow. @see RFC 5280 §6.1.4 (k)–(n) */
function findIssuerFault(issuer: Certificate, depth: number): string | undefined {
  const { basicConstraints, keyUsage } = issuer.extensions;
  if (!basicConstraints?.ca) return 'its issuer is not a CA';
  if (!keyUsage?.bits.has(keyUsageBits.keyCertSign)) return 'its issuer may not sign certificates';
  const limit = basicConstraints.pathLength;
  return limit !== undefined && depth > limit ? "exceeds its issuer's path length" : undefined;
}
