import { Malformed } from '../malformed.ts';
import { isSignature } from '../signature-scheme.ts';
import type { Certificate } from './certificate.ts';
import { isInScope, parseCrl, type Crl, type RevokedCertificate } from './crl.ts';
import { sameName } from './distinguished-name.ts';
import { keyUsageBits } from './extensions.ts';

/** What CRLs say of a certificate at a time. `unknown`: none of them speaks of it. */
export type Revocation =
  | { readonly state: 'good'; readonly thisUpdate: Date }
  | { readonly state: 'revoked'; readonly entry: RevokedCertificate }
  | { readonly state: 'unknown' };

/**
 * What `crls` say of `certificate` at `at`. A CRL counts if the certificate's issuer signed it, it speaks of the certificate, and it
 * covers `at` or was issued after it; of several, the newest decides. One that was issued after the certificate's end says nothing of
 * it: by then it no longer lists what was revoked.
 * @param crls DER; those of other issuers are ignored
 * @throws Malformed if one that bears the issuer's name is broken, or not signed by the issuer
 * @see RFC 5280 §3.3, §6.3.3
 */
export function revocationAt(
  certificate: Certificate,
  issuer: Certificate,
  crls: readonly Uint8Array[],
  at: Date,
): Revocation {
  const speaking = crls
    .map(parseCrl)
    .filter((crl) => sameName(crl.issuer, certificate.issuer))
    .map((crl) => checkSigned(crl, issuer))
    .filter((crl) =>
      isInScope(crl.scope, certificate.extensions.all, certificate.extensions.basicConstraints?.ca === true),
    )
    .filter(({ thisUpdate, nextUpdate }) => at <= nextUpdate && thisUpdate <= certificate.notAfter)
    .sort((a, b) => b.thisUpdate.getTime() - a.thisUpdate.getTime());
  const [newest] = speaking;
  if (!newest) return { state: 'unknown' };
  const entry = newest.revoked.find(({ serial }) => serial.equals(certificate.serial));
  return entry ? { state: 'revoked', entry } : { state: 'good', thisUpdate: newest.thisUpdate };
}

/** @see RFC 5280 §6.3.3 (f), (g) */
function checkSigned(crl: Crl, issuer: Certificate): Crl {
  const { keyUsage } = issuer.extensions;
  const maySign = !keyUsage || keyUsage.bits.has(keyUsageBits.cRLSign);
  if (!maySign || !isSignature(crl.scheme, issuer.publicKey.spki, crl.tbs, crl.signature)) {
    throw new Malformed('CRL: not signed by the issuer');
  }
  return crl;
}

/** Reasons after which what was signed before the revocation stays valid. @see RFC 3161 §4 item 1; RFC 5280 §5.3.1 */
const harmless: ReadonlySet<number | undefined> = new Set([0, 3, 4, 5]);

/**
 * Whether a signature made at `at` falls with the revocation: at once if the key may be compromised (keyCompromise, cACompromise,
 * or no reason given), else only from the time of revocation on.
 */
export function isRevokedAt({ at: revokedAt, reason }: RevokedCertificate, at: Date): boolean {
  return !harmless.has(reason) || at >= revokedAt;
}
