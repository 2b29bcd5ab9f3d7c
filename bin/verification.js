import './node-version.js';
import { existsSync } from 'node:fs';

// A checkout has build/ (with sandbox and simulator); an installation has dist/ only.
const folder = existsSync(new URL('../build/src/verification.js', import.meta.url)) ? 'build' : 'dist';
export const {
  verifySignature,
  verifyConsent,
  verifyIdentification,
  verifyExported,
  isVerified,
  isVerifiedIdentification,
  policies,
  parseTrustAnchor,
  acceptAnchors,
  TrustAnchorRefused,
  maskReport,
  makeSettings,
  readBundle,
  verifyBundle,
  makeBundleTrust,
  noTrust,
  outcomeOf,
} = await import(`../${folder}/src/verification.js`);
