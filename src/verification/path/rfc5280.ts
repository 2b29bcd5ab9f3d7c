import { sameName } from '../../crypto/x509/distinguished-name.ts';
import type { Certificate } from '../../crypto/x509/certificate.ts';
import { isLargeKey, MAX_RSA_BITS } from '../../crypto/rsa.ts';
import { findUnknownCritical, keyUsageBits } from '../../crypto/x509/extensions.ts';
import type { Reason } from '../messages.ts';
import type { TrustAnchor } from '../trust-anchors.ts';
import type { CaCache } from '../ca-cache.ts';

/**
 * The first rule of path validation that a chain breaks, except validity periods and policies.
 * @param chain leaf first, its last certificate issued by the anchor
 * @see RFC 5280 §6.1.3–6.1.5
 */
export function findPathFault(chain: readonly Certificate[], anchor: TrustAnchor, cas: CaCache): Reason | undefined {
  const issuerOf = (index: number): Certificate => chain[index + 1] ?? anchor.certificate;
  for (const [index, certificate] of chain.entries()) {
    const issuer = issuerOf(index);
    const fault = findCertificateFault(certificate);
    if (fault !== undefined) return { message: 'path.certificate-fault', parameters: { position: index, fault } };
    const message = sameName(certificate.issuer, issuer.subject) ? findIssuerFault(issuer, index) : 'path.issuer-name';
    if (message !== undefined) return { message, parameters: { position: index } };
  }
  // From the root down: a forged chain fails at its first signature, before its keys cost any work.
  const unsigned = chain.findLastIndex((certificate, index) => {
    return !cas.isSignedBy(certificate, issuerOf(index), index === 0 ? 'payer' : 'ca');
  });
  if (unsigned !== -1) {
    const parameters = { position: unsigned, bits: MAX_RSA_BITS };
    if (isLargeKey(issuerOf(unsigned).publicKey)) return { message: 'path.large-key', parameters };
    return { message: 'path.signature', parameters: { position: unsigned } };
  }
  cas.keep(chain.slice(1));
  return undefined;
}

/** What makes a certificate unusable by itself, in the standard's words. */
export function findCertificateFault(certificate: Certificate): string | undefined {
  const unknown = findUnknownCritical(certificate.extensions);
  return certificate.faults[0] ?? (unknown === undefined ? undefined : `unknown critical extension ${unknown}`);
}

/** Why `issuer` may not issue a certificate with `depth` CA certificates below it. @see RFC 5280 §6.1.4 (k)–(n) */
function findIssuerFault(
  issuer: Certificate,
  depth: number,
): 'path.issuer-not-ca' | 'path.issuer-may-not-sign' | 'path.too-long' | undefined {
  const { basicConstraints, keyUsage } = issuer.extensions;
  if (!basicConstraints?.ca) return 'path.issuer-not-ca';
  if (!keyUsage?.bits.has(keyUsageBits.keyCertSign)) return 'path.issuer-may-not-sign';
  const limit = basicConstraints.pathLength;
  return limit !== undefined && depth > limit ? 'path.too-long' : undefined;
}
