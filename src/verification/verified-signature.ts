import type { Environment } from '../kernel/environment.ts';
import type { PersonalNumber } from '../kernel/personal-number.ts';
import type { Report } from './report.ts';

/** The person in the verified certificate, with the names as they stand there. */
export interface VerifiedSigner {
  readonly personalNumber: PersonalNumber;
  readonly name: string;
  readonly givenName: string;
  readonly surname: string;
}

export interface VerifiedFacts {
  readonly report: Report;
  readonly signer: VerifiedSigner;
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
  /** Private, so neither a copy nor a look-alike has it. */
  readonly #isSealed = true;

  constructor(facts: VerifiedFacts) {
    Object.freeze(Object.assign(this, facts));
  }

  static isOn(value: object): boolean {
    return #isSealed in value;
  }
}

/** A consent's signature for which every check passed. Only the verifier makes it, and nothing else may authorise. */
export type VerifiedSignature = VerifiedFacts & Seal;

/** Only verify-consent.ts calls this; a test of the vectors ensures it. */
export function sealVerifiedSignature(facts: VerifiedFacts): VerifiedSignature {
  return new Seal(facts) as VerifiedSignature;
}

/** Whether {@link verifyConsent} returned `value` with TOTAL-PASSED. False for a copy or a look-alike. */
export function isVerified(value: unknown): value is VerifiedSignature {
  return typeof value === 'object' && value !== null && Seal.isOn(value);
}
