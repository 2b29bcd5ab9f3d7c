import type { Environment } from '../kernel/environment.ts';
import type { PersonalNumber } from '../kernel/personal-number.ts';
import type { Report } from './report.ts';

export interface VerifiedFacts {
  readonly report: Report;
  readonly signer: { readonly personalNumber: PersonalNumber; readonly name: string };
  /** producedAt of the OCSP response. */
  readonly signedAt: Date;
  readonly environment: Environment;
  /** base64 exactly as delivered. */
  readonly signatureText: string;
  readonly ocspDer: Buffer;
  /** The text that the payer saw. */
  readonly visibleText: string;
  readonly nonVisibleData: Buffer;
}

class SealedSignature implements VerifiedFacts {
  /** What no copy and no look-alike has. */
  readonly #seal = true;
  readonly report: Report;
  readonly signer: VerifiedFacts['signer'];
  readonly signedAt: Date;
  readonly environment: Environment;
  readonly signatureText: string;
  readonly ocspDer: Buffer;
  readonly visibleText: string;
  readonly nonVisibleData: Buffer;

  constructor(facts: VerifiedFacts) {
    this.report = facts.report;
    this.signer = facts.signer;
    this.signedAt = facts.signedAt;
    this.environment = facts.environment;
    this.signatureText = facts.signatureText;
    this.ocspDer = facts.ocspDer;
    this.visibleText = facts.visibleText;
    this.nonVisibleData = facts.nonVisibleData;
    Object.freeze(this);
  }

  static isSealed(value: object): value is SealedSignature {
    return #seal in value;
  }
}

/** A consent's signature for which every check passed. Only the verifier makes one: nothing else may authorise. */
export type VerifiedSignature = SealedSignature;

/** Called by verify-consent.ts alone, which a test of the vectors keeps. */
export function sealVerifiedSignature(facts: VerifiedFacts): VerifiedSignature {
  return new SealedSignature(facts);
}

/** Whether `value` came out of {@link verifyConsent} with TOTAL-PASSED. A copy or a look-alike is not one. */
export function isVerified(value: unknown): value is VerifiedSignature {
  return typeof value === 'object' && value !== null && SealedSignature.isSealed(value);
}
