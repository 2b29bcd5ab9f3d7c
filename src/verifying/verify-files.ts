import { Malformed } from '../crypto/malformed.ts';
import type { Completion } from '../verification/expectation.ts';
import type { Report } from '../verification/report.ts';
import {
  acceptAnchors,
  parseTrustAnchor,
  TrustAnchorRefused,
  type TrustAnchor,
} from '../verification/trust-anchors.ts';
import { verifyExported } from '../verification/verify-exported.ts';
import { verifySignature } from '../verification/verify-signature.ts';
import { ocspText, signatureText } from './completion-files.ts';
import { findDamage, type Files } from './folder-checks.ts';
import type { Settings } from './verify-settings.ts';

export interface BareFiles {
  readonly signature: Buffer;
  readonly ocsp: Buffer | undefined;
  readonly consent: Buffer | undefined;
}

/** A completion by itself; with a consent.json its signed data are compared with that. */
export function verifyBare({ signature, ocsp, consent }: BareFiles, settings: Settings): Report {
  const completion: Completion = {
    signature: signatureText(signature),
    ocspResponse: ocsp && ocspText(ocsp),
    personalNumber: undefined,
  };
  const { policy, time, relyingParty } = settings;
  const trust = acceptAnchors(settings.anchors, settings.kinds);
  if (!consent) return verifySignature(completion, trust, policy, time, { relyingParty });
  return verifyExported(completion, { consentJson: consent, copies: undefined }, trust, policy, time, { relyingParty });
}

/** An evidence folder: its files as they are, to the byte. */
export function verifyFolder(files: Files, settings: Settings): Report {
  const text = (name: string): string => files.get(name)?.toString('latin1') ?? '';
  const completion: Completion = {
    signature: text('signature.b64'),
    ocspResponse: text('ocsp.b64') === '' ? undefined : text('ocsp.b64'),
    personalNumber: undefined,
  };
  const { policy, time, relyingParty } = settings;
  const carried = settings.carriedRoots === 'ignore' ? [] : findCarriedRoot(text('bankid-root.pem'));
  const trust = acceptAnchors([...settings.anchors, ...carried], settings.kinds);
  const folder = {
    damage: findDamage(files),
    consentJson: files.get('consent.json'),
    copies: {
      visibleText: files.get('visible-text.txt'),
      nonVisibleData: files.get('non-visible.json'),
      report: files.get('report.json'),
    },
  };
  return verifyExported(completion, folder, trust, policy, time, { relyingParty });
}

/** The report on something that is no signature at all. */
export function verifyNothing(settings: Settings): Report {
  return verifyBare({ signature: Buffer.alloc(0), ocsp: undefined, consent: undefined }, settings);
}

/** The root that a folder brings along serves only where it is one of those pinned: it cannot vouch for itself. */
function findCarriedRoot(pem: string): readonly TrustAnchor[] {
  try {
    return [parseTrustAnchor(pem, 'refuse-unpinned')];
  } catch (error) {
    if (error instanceof Malformed || error instanceof TrustAnchorRefused) return [];
    throw error;
  }
}
