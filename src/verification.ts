/**
 * The exports of `sigill/verification`: the verifier by itself, without framework, database or network. Time, trust
 * and policy are arguments; nothing is read from the environment.
 */
export { verifyConsent } from './verification/verify-consent.ts';
export { verifyIdentification } from './verification/verify-identification.ts';
export { verifyExported } from './verification/verify-exported.ts';
export { verifySignature } from './verification/verify-signature.ts';
export { isVerified, type VerifiedSignature } from './verification/verified-signature.ts';
export { isVerifiedIdentification, type VerifiedIdentification } from './verification/verified-identification.ts';
export { policies, type Policy } from './verification/policy.ts';
export {
  acceptAnchors,
  parseTrustAnchor,
  TrustAnchorRefused,
  type TrustAnchors,
} from './verification/trust-anchors.ts';
export { maskReport, type Report } from './verification/report.ts';
export type { CheckMessages } from './verification/messages.ts';
export type {
  Completion,
  ConsentBasis,
  Expectation,
  FolderFacts,
  IdentificationExpectation,
  VerificationBasis,
  VerificationTime,
} from './verification/expectation.ts';
export { makeSettings, type Settings, type SettingsSource } from './evidence-files/verify-settings.ts';
export { readBundle, type Bundle } from './bundle/read-bundle.ts';
export { verifyBundle } from './bundle/verify-bundle.ts';
export { makeBundleTrust, noTrust, type BundleTrust, type TrustSource } from './bundle/trust.ts';
export { outcomeOf, type Outcome } from './bundle/outcome.ts';
export type {
  EvidenceReport,
  Findings,
  LedgerFinding,
  SealFinding,
  TimestampFinding,
  TrustedIssuers,
} from './bundle/findings.ts';
