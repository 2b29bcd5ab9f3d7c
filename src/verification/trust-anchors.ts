import { findBankIdRoot } from '../kernel/bankid-roots.ts';
import type { Environment } from '../kernel/environment.ts';
import { fingerprint, parsePemCertificate, type Certificate } from '../crypto/x509/certificate.ts';
import { oids } from '../crypto/asn1/oids.ts';
import { isLargeKey, MAX_RSA_BITS } from '../crypto/rsa.ts';
import { valuesOf } from '../crypto/x509/distinguished-name.ts';
import { CaCache } from './ca-cache.ts';

export type AnchorKind = 'production' | 'test' | 'unpinned';

export interface TrustAnchor {
  readonly certificate: Certificate;
  /** SHA-256 of the DER, lower-case hex. */
  readonly fingerprint: string;
  readonly kind: AnchorKind;
  /** The file that it was read from. */
  readonly pem: string;
  /** `Test BankID Root CA v1 Test, SHA-256 C6:FA:…`. */
  readonly description: string;
}

/** The roots at which a path may end, and the cache of the CAs below them. */
export interface TrustAnchors {
  readonly roots: readonly TrustAnchor[];
  readonly cas: CaCache;
}

/** The kind of root that each environment trusts. The simulator makes the sandbox's root, so its fingerprint is not known. */
export const anchorKinds = {
  production: 'production',
  'bankid-test': 'test',
  sandbox: 'unpinned',
} as const satisfies Record<Environment, AnchorKind>;

/** A certificate that cannot be used as a root. The message names the root, never a person. */
export class TrustAnchorRefused extends Error {
  readonly reason: 'tls-root' | 'not-pinned' | 'large-key';

  constructor(reason: TrustAnchorRefused['reason'], message: string) {
    super(message);
    this.name = 'TrustAnchorRefused';
    this.reason = reason;
  }
}

/**
 * Reads a signature root. Its kind follows from its fingerprint and cannot be chosen.
 * @param unpinned what to do with a root that is not BankID's: refuse it, or accept it because the caller vouches for it
 * @throws TrustAnchorRefused for BankID's TLS roots, by name, and for an unknown root unless accepted
 * @throws Malformed when `pem` is not one certificate
 */
export function parseTrustAnchor(pem: string, unpinned: 'refuse-unpinned' | 'accept-unpinned'): TrustAnchor {
  const certificate = parsePemCertificate(pem);
  const digest = fingerprint(certificate);
  const pin = findBankIdRoot(digest);
  if (pin?.use === 'tls') {
    throw new TrustAnchorRefused('tls-root', `${pin.name} is BankID's root for TLS connections, not for signatures`);
  }
  if (!pin && unpinned === 'refuse-unpinned') {
    throw new TrustAnchorRefused('not-pinned', 'this root is not one of the pinned roots');
  }
  if (isLargeKey(certificate.publicKey)) {
    throw new TrustAnchorRefused('large-key', `this root's RSA key has more than ${MAX_RSA_BITS} bits`);
  }
  const kind = pin ? anchorKinds[pin.environment] : 'unpinned';
  return { certificate, fingerprint: digest, kind, pem, description: describe(certificate, digest) };
}

/**
 * The roots of the kinds that the caller accepts: a test root proves nothing in production.
 * @param cas the caller's cache, to be reused as long as it verifies against these roots
 */
export function acceptAnchors(
  anchors: readonly TrustAnchor[],
  kinds: readonly AnchorKind[],
  cas = new CaCache(),
): TrustAnchors {
  return { roots: anchors.filter(({ kind }) => kinds.includes(kind)), cas };
}

function describe({ subject }: Certificate, digest: string): string {
  const name = valuesOf(subject, oids.commonName).at(-1) ?? 'unnamed root';
  return `${name}, SHA-256 ${(digest.toUpperCase().match(/../g) ?? []).join(':')}`;
}
