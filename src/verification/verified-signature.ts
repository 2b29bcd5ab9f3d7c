import type { Environment } from '../kernel/environment.ts';
import type { PersonalNumber } from '../kernel/personal-number.ts';
import type { Report } from './report.ts';

const verified: unique symbol = Symbol('verified');

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

/** A consent's signature for which every check passed. Only the verifier makes one: nothing else may authorise. */
export interface VerifiedSignature extends VerifiedFacts {
  readonly [verified]: true;
}

const made = new WeakSet();

/** Called by verify-consent.ts alone, which a test of the vectors keeps. */
export function sealVerifiedSignature(facts: VerifiedFacts): VerifiedSignature {
  const sealed: VerifiedSignature = Object.freeze({ ...facts, [verified]: true as const });
  made.add(sealed);
  return sealed;
}

/** Whether `value` came out of {@link verifyConsent} with TOTAL-PASSED. A copy or a look-alike is not one. */
export function isVerified(value: unknown): value is VerifiedSignature {
  return typeof value === 'object' && value !== null && made.has(value);
}
