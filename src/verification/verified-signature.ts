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

class Seal {
  /** What no copy and no look-alike has. */
  readonly #isSealed = true;

  constructor(facts: VerifiedFacts) {
    Object.freeze(Object.assign(this, facts));
  }

  static isOn(value: object): boolean {
    return #isSealed in value;
  }
}

/** A consent's signature for which every check passed. Only the verifier makes one: nothing else may authorise. */
export type VerifiedSignature = VerifiedFacts & Seal;

/** Called by verify-consent.ts alone, which a test of the vectors keeps. */
export function sealVerifiedSignature(facts: VerifiedFacts): VerifiedSignature {
  return new Seal(facts) as VerifiedSignature;
}

/** Whether `value` came out of {@link verifyConsent} with TOTAL-PASSED. A copy or a look-alike is not one. */
export function isVerified(value: unknown): value is VerifiedSignature {
  return typeof value === 'object' && value !== null && Seal.isOn(value);
}
