import { inside, readDer, tags } from '../asn1/der.ts';
import { oids } from '../asn1/oids.ts';
import { CmsError } from '../cms/cms-error.ts';
import { parseSignedData, type SignedData } from '../cms/signed-data.ts';
import { verifySigner } from '../cms/verify-signer.ts';
import { attempt, Malformed } from '../malformed.ts';
import { integer } from '../asn1/der-writer.ts';
import type { Certificate } from '../x509/certificate.ts';
import { briefName, sameName } from '../x509/distinguished-name.ts';
import { parseCrl } from '../x509/crl.ts';
import { keyUsageBits } from '../x509/extensions.ts';
import { findPath, withIssuers, type Path } from '../x509/path.ts';
import { isRevokedAt, revocationAt } from '../x509/revocation.ts';
import type { Imprint } from './request.ts';
import { TimestampError } from './timestamp-error.ts';
import { readTstInfo, type TstInfo } from './tst-info.ts';

export interface TokenExpectation {
  readonly imprint: Imprint;
  /** Certificates of authorities, or of those that issue theirs. */
  readonly trust: readonly Certificate[];
  /** The request's; not given where an old token is verified. */
  readonly nonce?: Uint8Array | undefined;
  /** Dotted OIDs; any policy where not given. */
  readonly policies?: readonly string[] | undefined;
  /** From the request to its answer: the token's time lies in between, give or take its accuracy and a minute. */
  readonly within?: { readonly from: Date; readonly to: Date } | undefined;
  /** CRLs in DER besides those in the token. */
  readonly crls?: readonly Uint8Array[] | undefined;
}

export interface VerifiedTimestamp {
  readonly time: Date;
  readonly accuracyMs: number;
  /** Lower-case hex. */
  readonly serial: string;
  readonly policy: string;
  /** The common name of the authority's certificate, or its organization. */
  readonly authority: string;
  /** From the authority's certificate to the trusted one. */
  readonly path: Path;
  /** The earliest end of a certificate's validity on the path: from then on the token needs a newer one over it. */
  readonly expires: Date;
  /** What CRLs said of the authority's certificate. `unknown`: no CRL was there. */
  readonly revocation: 'good' | 'unknown';
}

const MAX_SKEW_MS = 60_000;
/** An authority that claims to be less accurate could put its time anywhere. */
const MAX_ACCURACY_MS = 60_000;

/**
 * Verifies a timestamp token: form, imprint, nonce, policy, signature with the certificate that it names, extended key usage, path at
 * the token's time, revocation as far as CRLs tell, and time.
 * @param token a TimeStampToken in DER
 * @throws TimestampError
 * @see RFC 3161 §2.2, §2.3, §2.4.2; RFC 5816
 */
export function verifyToken(token: Uint8Array, expected: TokenExpectation): VerifiedTimestamp {
  const { signedData, info } = readToken(token);
  checkRequest(info, expected);
  const certificate = checkSigner(signedData);
  checkPurpose(certificate);
  checkAuthority(info, certificate);
  const path = checkPath(certificate, signedData, expected, info.time);
  checkCrls(path, signedData.crls);
  const revocation = checkRevocation(path, [...signedData.crls, ...(expected.crls ?? [])], info.time);
  checkTime(info, expected);
  const { time, accuracyMs, policy } = info;
  const authority = briefName(certificate.subject);
  const expires = new Date(Math.min(...path.map(({ notAfter }) => notAfter.getTime())));
  return { time, accuracyMs, serial: info.serial.toString('hex'), policy, authority, path, expires, revocation };
}

/** What a token says, unverified. @throws TimestampError `format` */
export function readToken(token: Uint8Array): { readonly signedData: SignedData; readonly info: TstInfo } {
  const signedData = refusing(() => parseSignedData(token));
  const { contentType, content } = signedData;
  if (contentType !== oids.tstInfo || !content) throw new TimestampError('format', 'not a timestamp token');
  const info = attempt(() => readTstInfo(content));
  if (info instanceof Malformed) throw new TimestampError('format', info.message);
  return { signedData, info };
}

function checkRequest(info: TstInfo, { imprint, nonce, policies }: TokenExpectation): void {
  if (info.imprint.algorithm !== imprint.algorithm || !info.imprint.digest.equals(imprint.digest)) {
    throw new TimestampError('imprint', 'the token stamps something else');
  }
  if (nonce && !info.nonce?.equals(readDer(integer(nonce)).content)) {
    throw new TimestampError('nonce', 'the token answers another request');
  }
  if (policies && !policies.includes(info.policy)) throw new TimestampError('policy', 'the policy is not accepted');
}

function checkSigner(signedData: SignedData): Certificate {
  return refusing(() => verifySigner(signedData)).certificate;
}

function refusing<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof CmsError)) throw error;
    // A token's content is inside it: another digest means that its signature is not over that content.
    throw new TimestampError(error.reason === 'digest' ? 'signature' : error.reason, error.message);
  }
}

/** @see RFC 3161 §2.3 */
function checkPurpose({ extensions }: Certificate): void {
  const usage = extensions.all.find(({ oid }) => oid === oids.extKeyUsage);
  const purposes = extensions.extendedKeyUsage ?? [];
  if (!usage?.critical || purposes.length !== 1 || purposes[0] !== oids.timeStamping) {
    throw new TimestampError('eku', 'the certificate is not for timestamping alone');
  }
  const signing: readonly number[] = [keyUsageBits.digitalSignature, keyUsageBits.nonRepudiation];
  const bits = [...(extensions.keyUsage?.bits ?? signing)];
  if (bits.length === 0 || bits.some((bit) => !signing.includes(bit))) {
    throw new TimestampError('eku', "the certificate's key is not for signatures alone");
  }
}

/** The token's `tsa`, if it has one, is a name of the certificate. @see RFC 3161 §2.4.2 */
function checkAuthority({ authority }: TstInfo, { subject, extensions }: Certificate): void {
  if (!authority) return;
  const names = attempt(() => {
    const name = readDer(authority);
    if (name.tag === 0xa4) return name.content.equals(subject.der);
    const alternative = extensions.all.find(({ oid }) => oid === oids.subjectAltName);
    const known = alternative ? inside(readDer(alternative.value, tags.sequence)).rest() : [];
    return known.some(({ raw }) => raw.equals(name.raw));
  });
  if (names !== true) throw new TimestampError('certificate', 'the token names another authority');
}

function checkPath(leaf: Certificate, { certificates }: SignedData, { trust }: TokenExpectation, at: Date): Path {
  const path = findPath(leaf, certificates, trust, at);
  if (path === 'not-valid-then') throw new TimestampError('certificate', 'a certificate was not valid at the time');
  if (typeof path === 'string') throw new TimestampError('path', 'the certificate leads to no trusted one');
  return path;
}

/** A CRL that the token brings is of its path: one that is of no issuer there would say nothing, and be a place for changed bytes. */
function checkCrls(path: Path, crls: readonly Buffer[]): void {
  const isOfPath = attempt(() =>
    crls.map(parseCrl).every((crl) => path.some(({ issuer }) => sameName(issuer, crl.issuer))),
  );
  if (isOfPath !== true) throw new TimestampError('format', 'a CRL of no issuer of the token');
}

/** Every certificate below the anchor is asked about; the authority's own answer is reported. @see RFC 3161 §4 */
function checkRevocation(path: Path, crls: readonly Uint8Array[], at: Date): 'good' | 'unknown' {
  const states = withIssuers(path).map(([certificate, issuer]) => {
    const revocation = attempt(() => revocationAt(certificate, issuer, crls, at));
    if (revocation instanceof Malformed) throw new TimestampError('format', revocation.message);
    if (revocation.state === 'revoked' && isRevokedAt(revocation.entry, at)) {
      throw new TimestampError('revoked', 'a certificate was revoked');
    }
    return revocation.state === 'unknown' ? 'unknown' : 'good';
  });
  return states[0] ?? 'unknown';
}

function checkTime({ time, accuracyMs }: TstInfo, { within }: TokenExpectation): void {
  if (!within) return;
  const slack = accuracyMs + MAX_SKEW_MS;
  const [earliest, latest] = [within.from.getTime() - slack, within.to.getTime() + slack];
  if (accuracyMs > MAX_ACCURACY_MS || time.getTime() < earliest || time.getTime() > latest) {
    throw new TimestampError('time', 'the time is not that of the request');
  }
}
