import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inside, readDer, tags } from '../../../../src/crypto/asn1/der.ts';
import { PKITS_DATA } from './tools.ts';

export interface PkitsTest {
  /** As NIST names it: `InvalidCASignatureTest2`. */
  readonly name: string;
  /** Leaf first, the way BankID writes them; without the root. */
  readonly certificates: readonly Buffer[];
}

/** The root of all of its paths. */
export function readPkitsRoot(): Buffer {
  return readFileSync(join(PKITS_DATA, 'certs', 'TrustAnchorRootCertificate.crt'));
}

/** Every test has an S/MIME message whose signature brings the certificates of that test's path, the leaf last. */
export function readPkitsTests(): readonly PkitsTest[] {
  const folder = join(PKITS_DATA, 'smime');
  return readdirSync(folder)
    .sort()
    .map((file) => ({
      name: file.replace(/^Signed/, '').replace(/\.eml$/, ''),
      certificates: certificatesIn(readFileSync(join(folder, file), 'latin1')).reverse(),
    }));
}

/** @see RFC 5652 §5.1: version, digestAlgorithms, encapContentInfo, then the certificates */
function certificatesIn(message: string): Buffer[] {
  const [, base64 = ''] =
    /name="?smime\.p7s"?\s+([A-Za-z0-9+/=\s]+)/.exec(message.slice(message.lastIndexOf('filename'))) ?? [];
  const contentInfo = inside(readDer(Buffer.from(base64, 'base64'), tags.sequence));
  contentInfo.next(tags.oid);
  const signedData = inside(inside(contentInfo.next(0xa0)).next(tags.sequence));
  for (const tag of [tags.integer, tags.set, tags.sequence]) signedData.next(tag);
  return inside(signedData.next(0xa0))
    .rest()
    .map(({ raw }) => raw);
}

/** What our path says of the tests that it can express, by PKITS's name: accepted, or the words of the refusal. */
export const expressed: Readonly<Record<string, 'accepted' | RegExp>> = {
  // 4.1 Signature verification
  ValidSignaturesTest1: 'accepted',
  InvalidCASignatureTest2: /BIT STRING/,
  InvalidEESignatureTest3: /signature does not verify/,
  // 4.2 Validity periods
  InvalidCAnotBeforeDateTest1: /CA certificate was not valid/,
  InvalidEEnotBeforeDateTest2: /before the certificate was valid/,
  Validpre2000UTCnotBeforeDateTest3: 'accepted',
  ValidGeneralizedTimenotBeforeDateTest4: 'accepted',
  InvalidCAnotAfterDateTest5: /CA certificate was not valid/,
  InvalidEEnotAfterDateTest6: /had expired/,
  Invalidpre2000UTCEEnotAfterDateTest7: /had expired/,
  ValidGeneralizedTimenotAfterDateTest8: 'accepted',
  // 4.3 Name chaining
  InvalidNameChainingEETest1: /no path/,
  InvalidNameChainingOrderTest2: /no path/,
  ValidRFC3280MandatoryAttributeTypesTest7: 'accepted',
  ValidRFC3280OptionalAttributeTypesTest8: 'accepted',
  ValidUTF8StringEncodedNamesTest9: 'accepted',
  // 4.4.14–18 Serial numbers
  ValidNegativeSerialNumberTest14: 'accepted',
  InvalidNegativeSerialNumberTest15: /serialNumber/,
  ValidLongSerialNumberTest16: 'accepted',
  ValidLongSerialNumberTest17: 'accepted',
  // 4.5 Self-issued certificates
  ValidBasicSelfIssuedOldWithNewTest1: 'accepted',
  ValidBasicSelfIssuedNewWithOldTest3: 'accepted',
  // 4.6 Basic constraints
  InvalidMissingbasicConstraintsTest1: /not a CA/,
  InvalidcAFalseTest2: /not a CA/,
  InvalidcAFalseTest3: /not a CA/,
  ValidbasicConstraintsNotCriticalTest4: 'accepted',
  InvalidpathLenConstraintTest5: /path length/,
  InvalidpathLenConstraintTest6: /path length/,
  ValidpathLenConstraintTest7: 'accepted',
  ValidpathLenConstraintTest8: 'accepted',
  InvalidpathLenConstraintTest9: /path length/,
  InvalidpathLenConstraintTest10: /path length/,
  InvalidpathLenConstraintTest11: /path length/,
  InvalidpathLenConstraintTest12: /path length/,
  ValidpathLenConstraintTest13: 'accepted',
  ValidpathLenConstraintTest14: 'accepted',
  // 4.7 Key usage
  InvalidkeyUsageCriticalkeyCertSignFalseTest1: /may not sign certificates/,
  InvalidkeyUsageNotCriticalkeyCertSignFalseTest2: /may not sign certificates/,
  ValidkeyUsageNotCriticalTest3: 'accepted',
  // 4.16 Private extensions
  ValidUnknownNotCriticalCertificateExtensionTest1: 'accepted',
  InvalidUnknownCriticalCertificateExtensionTest2: /unknown critical extension/,
};

export interface PkitsGroup {
  readonly members: RegExp;
  readonly ours: 'accepted' | 'refused';
  readonly reason: string;
}

/** Tests of what our path has not, in the order in which they are looked up. The same table stands in docs/spec/verification.md. */
export const notExpressed: readonly PkitsGroup[] = [
  {
    members: /nameConstraints/,
    ours: 'refused',
    reason: 'name constraints: critical, and no check here acts upon them',
  },
  {
    members: /Mapping|inhibitAnyPolicy|[Rr]equireExplicitPolicy/,
    ours: 'refused',
    reason: 'policy mapping and policy constraints: critical, and no check here acts upon them',
  },
  {
    members: /Polic|Qualifier/,
    ours: 'accepted',
    reason: "policies of the caller's choice: BankID's own are demanded of the leaf, after the path",
  },
  { members: /DSA/, ours: 'refused', reason: 'DSA: the profile has RSA alone' },
  {
    members: /Whitespace|Capitalization|Rollover|CaseInsensitive/,
    ours: 'refused',
    reason: 'names that differ in spelling: they are compared octet by octet',
  },
  { members: /UIDs/, ours: 'refused', reason: 'unique identifiers: not in the profile (RFC 5280 §4.1.2.8)' },
  {
    members: /NewWithOldTest[45]|SelfIssuedCRLSigningKey|SelfIssuedpathLen|SeparateCertificate/,
    ours: 'refused',
    reason: 'self-issued certificates, two certificates of one name: the message brings one path and nothing else',
  },
  {
    members: /CRL|cRL|Revoked|istributionPoint|onlyContains|onlySomeReasons|LongSerialNumberTest18|OldWithNewTest2/,
    ours: 'accepted',
    reason: "CRLs: revocation is the OCSP response's business",
  },
];
