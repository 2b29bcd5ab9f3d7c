import { hash } from 'node:crypto';
import { oids } from '../crypto/asn1/oids.ts';
import { findValue } from '../crypto/cms/attributes.ts';
import { CmsError } from '../crypto/cms/cms-error.ts';
import { parseSignedData, type SignedData } from '../crypto/cms/signed-data.ts';
import { verifySigner } from '../crypto/cms/verify-signer.ts';
import { attempt, Malformed } from '../crypto/malformed.ts';
import type { Certificate } from '../crypto/x509/certificate.ts';
import { valuesOf, type DistinguishedName } from '../crypto/x509/distinguished-name.ts';
import { keyUsageBits } from '../crypto/x509/extensions.ts';
import { findPath, withIssuers, type Path, type PathFault } from '../crypto/x509/path.ts';
import { isRevokedAt, revocationAt } from '../crypto/x509/revocation.ts';
import { formatInstant } from '../kernel/clock.ts';
import { SEAL_TOKEN } from './container.ts';
import type { SealFinding, SealReason, TimestampFinding } from './findings.ts';
import type { Bundle } from './read-bundle.ts';
import { verifyTimestamp } from './proofs/verify-timestamp.ts';

/** Whom the verifier trusts: certificates of seals and of timestamp authorities, or of those that issue theirs. */
export interface SealTrust {
  readonly seals: readonly Certificate[];
  readonly timestamps: readonly Certificate[];
}

/** A seal over bytes that are known: the manifest of a bundle, or of an export. */
export interface DetachedSeal {
  readonly content: Buffer;
  /** CAdES in DER. */
  readonly signature: Buffer;
  /** The copy of its timestamp that stands beside it, where one does. */
  readonly token: Buffer | undefined;
}

/**
 * What the seals of a bundle are worth: the container and each manifest, then each signature with its timestamp. One unsound seal,
 * or one with an unsound timestamp, is what is reported; of sound and untrusted ones, the first sound one is reported.
 */
export function verifySeal({ fault, seals, token }: Bundle, trust: SealTrust): SealFinding {
  if (fault) return { state: 'unsound', ...fault };
  const findings = seals.map(({ number, manifest: content, signature }) =>
    verifyDetachedSeal({ content, signature, token: number === 1 ? token : undefined }, trust),
  );
  const first = (isWanted: (finding: SealFinding) => boolean): SealFinding | undefined => findings.find(isWanted);
  return (
    first(({ state }) => state === 'unsound') ??
    first((finding) => 'timestamp' in finding && finding.timestamp.state === 'unsound') ??
    first(({ state }) => state === 'sound') ??
    first(({ state }) => state === 'untrusted') ?? { state: 'none' }
  );
}

/** The same for one signature. It must have a timestamp, and bring the CRLs of its certificates. */
export function verifyDetachedSeal(seal: DetachedSeal, trust: SealTrust): SealFinding {
  try {
    return verify(seal, trust);
  } catch (error) {
    if (error instanceof SealRefused) return error.finding;
    if (error instanceof CmsError) return { state: 'unsound', reason: error.reason };
    throw error;
  }
}

class SealRefused extends Error {
  readonly finding: SealFinding;

  constructor(reason: SealReason, member?: string) {
    super(reason);
    this.finding = { state: 'unsound', reason, ...(member === undefined ? {} : { member }) };
  }
}

function verify({ content, signature, token }: DetachedSeal, trust: SealTrust): SealFinding {
  const signedData = parseSignedData(signature);
  if (signedData.content) throw new SealRefused('format');
  const { certificate, signingTime } = verifySigner(signedData, content);
  if (!signingTime || !mayMakeSeals(certificate)) throw new SealRefused(signingTime ? 'certificate' : 'format');
  const stamped = timestampOf(signedData);
  if (token && !token.equals(stamped)) throw new SealRefused('member-changed', SEAL_TOKEN);
  const imprint = { algorithm: 'sha256', digest: hash('sha256', signedData.signer.signature, 'buffer') } as const;
  const timestamp = verifyTimestamp(stamped, imprint, trust.timestamps, signedData.crls);
  const at = provenTime(timestamp) ?? signingTime;
  const isIssuerGiven = checkPath(certificate, signedData, trust.seals, at);
  const found = {
    signer: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    claimedTime: formatInstant(signingTime),
    timestamp,
  };
  if (!isIssuerGiven) return { state: 'untrusted', reason: 'issuer', ...found };
  // A time that the holder of the key could choose makes an expired or revoked certificate valid again.
  return timestamp.state === 'sound'
    ? { state: 'sound', ...found }
    : { state: 'untrusted', reason: 'undated', ...found };
}

/** @see ETSI EN 319 122-1 §5.3 */
function timestampOf({ signer }: SignedData): Buffer {
  const value = attempt(() => findValue(signer.unsigned, oids.signatureTimestamp));
  if (!value || value instanceof Malformed) throw new SealRefused('format');
  return value.raw;
}

function provenTime(timestamp: TimestampFinding): Date | undefined {
  return timestamp.state === 'sound' || timestamp.state === 'untrusted' ? new Date(timestamp.time) : undefined;
}

const otherPurposes: readonly string[] = [oids.timeStamping, oids.ocspSigning, oids.serverAuth, oids.clientAuth];

/** Signatures are allowed, and the certificate is neither an authority's nor for something else. @see RFC 5280 §4.2.1.3, §4.2.1.12 */
export function mayMakeSeals({ extensions }: Certificate): boolean {
  const { basicConstraints, keyUsage, extendedKeyUsage = [] } = extensions;
  const signs = keyUsage?.bits.has(keyUsageBits.digitalSignature) ?? true;
  const commits = keyUsage?.bits.has(keyUsageBits.nonRepudiation) ?? true;
  const isForSeals = !extendedKeyUsage.some((purpose) => otherPurposes.includes(purpose));
  return basicConstraints?.ca !== true && (signs || commits) && isForSeals;
}

/** Whether the issuer was given. Where it was not, the path among the certificates that came along must still hold. */
function checkPath(
  certificate: Certificate,
  { certificates, crls }: SignedData,
  trust: readonly Certificate[],
  at: Date,
): boolean {
  const path = findPath(certificate, certificates, trust, at);
  if (path !== 'no-anchor') {
    checkRevocation(sound(path), crls, at);
    return true;
  }
  const others = certificates.filter((other) => other !== certificate);
  const own = findPath(certificate, others, others.length > 0 ? others : [certificate], at);
  checkRevocation(sound(own), crls, at);
  return false;
}

function sound(path: Path | PathFault): Path {
  if (path === 'not-valid-then') throw new SealRefused('time');
  if (typeof path === 'string') throw new SealRefused('path');
  return path;
}

/** Each certificate below the anchor is spoken of by a CRL that came along. @see RFC 5280 §6.3.3 */
function checkRevocation(path: Path, crls: readonly Buffer[], at: Date): void {
  for (const [certificate, issuer] of withIssuers(path)) {
    const revocation = attempt(() => revocationAt(certificate, issuer, crls, at));
    if (revocation instanceof Malformed || revocation.state === 'unknown') throw new SealRefused('crl');
    if (revocation.state === 'revoked' && isRevokedAt(revocation.entry, at)) throw new SealRefused('revoked');
  }
}

const shortTypes = { CN: oids.commonName, O: oids.organizationName, C: oids.countryName } as const;

/** What identifies a holder to a reader: `CN=…, O=…, C=…`. */
function nameOf(name: DistinguishedName): string {
  const parts = Object.entries(shortTypes).flatMap(([short, oid]) =>
    valuesOf(name, oid).map((value) => `${short}=${value}`),
  );
  return parts.join(', ');
}
