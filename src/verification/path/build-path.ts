import { sameName } from '../../crypto/x509/distinguished-name.ts';
import type { Certificate } from '../../crypto/x509/certificate.ts';
import type { TrustAnchor, TrustAnchors } from '../trust-anchors.ts';
import type { CaCache } from '../ca-cache.ts';

export interface BuiltPath {
  /** Leaf first; without the root, unless KeyInfo contains it. */
  readonly chain: readonly Certificate[];
  readonly anchor: TrustAnchor;
}

/**
 * Follows issuer names from the leaf through the certificates of KeyInfo to a given root. `undefined` if the path ends elsewhere.
 * Only the names (and the anchor's key) are checked here.
 * @see RFC 4158 §2; ETSI EN 319 102-1 §5.2.6.2
 */
export function buildPath(
  leaf: Certificate,
  others: readonly Certificate[],
  trust: TrustAnchors,
): BuiltPath | undefined {
  const chain = [leaf];
  for (let current = leaf; ;) {
    const { issuer: name } = current;
    const named = trust.roots.filter(({ certificate }) => sameName(certificate.subject, name));
    const anchor = findAnchor(current, named, trust.cas, current === leaf ? 'payer' : 'ca');
    if (anchor) return { chain, anchor };
    // It names a root that did not sign it, so there is no path, and going on would only cost time.
    if (named.length > 0) return undefined;
    const issuer = others.find((candidate) => !chain.includes(candidate) && sameName(candidate.subject, name));
    if (!issuer) return undefined;
    chain.push(issuer);
    current = issuer;
  }
}

/** A name alone proves nothing: the top must be signed by the root's key, or name that key as its issuer's. */
function findAnchor(
  top: Certificate,
  named: readonly TrustAnchor[],
  cas: CaCache,
  subject: 'payer' | 'ca',
): TrustAnchor | undefined {
  return named.find(({ certificate }) => {
    const root = certificate.extensions.subjectKeyId;
    const pointsAtRoot = root !== undefined && top.extensions.authorityKeyId?.equals(root) === true;
    return pointsAtRoot || cas.isSignedBy(top, certificate, subject);
  });
}
