import { oids } from '../asn1/oids.ts';
import type { Certificate } from './certificate.ts';
import { findUnknownCritical, keyUsageBits } from './extensions.ts';
import { isIssuedBy } from './issuing.ts';

/** Certificates from the signer's to the trust anchor, both included. */
export type Path = readonly [leaf: Certificate, ...issuers: Certificate[]];

/** Why no path was accepted. `no-anchor`: none ends in a given certificate; else the fault of the last one that does. */
export type PathFault = 'no-anchor' | 'not-rfc5280' | 'not-valid-then';

/** Certificates of a path, both ends included: between them any TSA or seal that is known has three at most. */
const MAX_LENGTH = 6;

/**
 * The first path from `leaf` to one of `anchors` that holds at `at`. An anchor may be the leaf itself, as trusted lists name services.
 * The anchors' own validity counts too. Policies are not processed. A certificate with name constraints, critical or not, is refused:
 * it was given less than what is asked here. BankID's paths are checked apart from this, in `verification/path`: they have one shape
 * and RSA alone, and a report names their faults.
 * @param others certificates that came along, in any order; unsuitable ones do no harm
 * @see RFC 5280 §6.1
 */
export function findPath(
  leaf: Certificate,
  others: readonly Certificate[],
  anchors: readonly Certificate[],
  at: Date,
): Path | PathFault {
  let fault: PathFault = 'no-anchor';
  for (const path of pathsFrom([leaf], [...anchors, ...others], anchors, new Map())) {
    if (!path.every(isSound) || !path.slice(1).every(mayIssue)) fault = 'not-rfc5280';
    else if (path.some(({ notBefore, notAfter }) => at < notBefore || at > notAfter)) fault = 'not-valid-then';
    else return path;
  }
  return fault;
}

/**
 * Certificates that all issue each other make many paths. Each pair's signature is verified once, so that they cost no more than
 * their number squared.
 */
type Issued = Map<Certificate, Map<Certificate, boolean>>;

function* pathsFrom(
  path: Path,
  issuers: readonly Certificate[],
  anchors: readonly Certificate[],
  known: Issued,
): Generator<Path, void, undefined> {
  const last = path[path.length - 1] ?? path[0];
  if (anchors.some(({ der }) => der.equals(last.der))) {
    yield path;
    return;
  }
  if (path.length >= MAX_LENGTH) return;
  for (const issuer of issuers) {
    if (path.some(({ der }) => der.equals(issuer.der)) || !isIssued(last, issuer, known)) continue;
    yield* pathsFrom([...path, issuer], issuers, anchors, known);
  }
}

function isIssued(certificate: Certificate, issuer: Certificate, known: Issued): boolean {
  const byIssuer = known.get(certificate) ?? new Map<Certificate, boolean>();
  known.set(certificate, byIssuer);
  const answer = byIssuer.get(issuer) ?? isIssuedBy(certificate, issuer);
  byIssuer.set(issuer, answer);
  return answer;
}

/** Each certificate of a path with its issuer: all but the last, which is trusted. */
export function withIssuers(
  path: readonly Certificate[],
): readonly (readonly [certificate: Certificate, issuer: Certificate])[] {
  return path.flatMap((certificate, index) => {
    const issuer = path[index + 1];
    return issuer ? [[certificate, issuer] as const] : [];
  });
}

function isSound(certificate: Certificate): boolean {
  const { faults, extensions } = certificate;
  const isConstrained = extensions.all.some(({ oid }) => oid === oids.nameConstraints);
  return faults.length === 0 && findUnknownCritical(extensions) === undefined && !isConstrained;
}

/** @param index how many certificates stand between it and the leaf @see RFC 5280 §6.1.4 (k)–(n) */
function mayIssue({ extensions }: Certificate, index: number): boolean {
  const { basicConstraints, keyUsage } = extensions;
  if (basicConstraints?.ca !== true) return false;
  if (keyUsage && !keyUsage.bits.has(keyUsageBits.keyCertSign)) return false;
  return basicConstraints.pathLength === undefined || index <= basicConstraints.pathLength;
}
