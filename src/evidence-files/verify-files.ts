import type { Completion, FolderFacts } from '../verification/expectation.ts';
import type { Report } from '../verification/report.ts';
import { acceptAnchors } from '../verification/trust-anchors.ts';
import { verifyExported } from '../verification/verify-exported.ts';
import { verifySignature } from '../verification/verify-signature.ts';
import { ocspText, signatureText } from './completion-files.ts';
import { LOGIN_FILE } from './evidence-folder.ts';
import type { UnwrappedEvidence } from './evidence-json.ts';
import { findDamage, type Files } from './folder-checks.ts';
import type { Settings } from './verify-settings.ts';

export interface BareFiles {
  readonly signature: Buffer;
  readonly ocsp: Buffer | undefined;
  readonly consent: Buffer | undefined;
  readonly login?: Buffer | undefined;
}

/** A completion by itself. With a consent.json or a login.json, its signed data are compared with that. */
export function verifyBare({ signature, ocsp, consent, login }: BareFiles, settings: Settings): Report {
  const texts = { signature: signatureText(signature), ocsp: ocsp && ocspText(ocsp) };
  const completion: Completion = {
    signature: texts.signature.text,
    ocspResponse: texts.ocsp?.text,
    personalNumber: undefined,
  };
  const report = verifyCompletion(completion, { consentJson: consent, loginJson: login, copies: undefined }, settings);
  const wasWrapped = texts.signature.wasWrapped || texts.ocsp?.wasWrapped;
  return wasWrapped ? { ...report, warnings: [...report.warnings, 'base64-unwrapped'] } : report;
}

function verifyCompletion(completion: Completion, files: FolderFacts, settings: Settings): Report {
  const { policy, time, relyingParty } = settings;
  const trust = acceptAnchors(settings.anchors, settings.kinds, settings.cas);
  const basis = { trust, policy, time, relyingParty };
  if (!files.consentJson && !files.loginJson) return verifySignature(completion, basis);
  return verifyExported(completion, files, basis);
}

/** The JSON of `GET /evidence/{id}`, by the folder inside it. */
export function verifyEvidenceJson({ files, difference }: UnwrappedEvidence, settings: Settings): Report {
  return verifyFolder(files, settings, difference ?? findDamage(files));
}

/**
 * An evidence folder: its files, byte for byte.
 * @param damage a fault of the folder that is already known
 */
export function verifyFolder(files: Files, settings: Settings, damage = findDamage(files)): Report {
  const text = (name: string): string => files.get(name)?.toString('latin1') ?? '';
  const completion: Completion = {
    signature: text('signature.b64'),
    ocspResponse: text('ocsp.b64') === '' ? undefined : text('ocsp.b64'),
    personalNumber: undefined,
  };
  const { policy, time, relyingParty } = settings;
  const carried = settings.carriedRoots === 'ignore' ? [] : settings.carried.read(text('bankid-root.pem'));
  const trust = acceptAnchors([...settings.anchors, ...carried], settings.kinds, settings.cas);
  const folder = {
    damage,
    consentJson: files.get('consent.json'),
    loginJson: files.get(LOGIN_FILE),
    copies: {
      visibleText: files.get('visible-text.txt'),
      nonVisibleData: files.get('non-visible.json'),
      report: files.get('report.json'),
      circumstances: files.get('circumstances.json'),
      root: files.get('bankid-root.pem'),
    },
  };
  const report = verifyExported(completion, folder, { trust, policy, time, relyingParty });
  return files.has('request-object.jwt')
    ? { ...report, warnings: [...report.warnings, 'request-object-not-verified'] }
    : report;
}
