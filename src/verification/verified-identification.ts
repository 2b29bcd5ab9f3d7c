import type { VerifiedFacts } from './verified-signature.ts';

class Seal {
  /** Private, so neither a copy nor a look-alike has it, nor does a signature of a consent. */
  readonly #isSealed = true;

  constructor(facts: VerifiedFacts) {
    Object.freeze(Object.assign(this, facts));
  }

  static isOn(value: object): boolean {
    return #isSealed in value;
  }
}

/** A login's identification for which every check passed. Only the verifier makes it. It authorises no payment. */
export type VerifiedIdentification = VerifiedFacts & Seal;

/** Only verify-identification.ts calls this; a test of the vectors ensures it. */
export function sealVerifiedIdentification(facts: VerifiedFacts): VerifiedIdentification {
  return new Seal(facts) as VerifiedIdentification;
}

/** Whether verifyIdentification returned `value` with TOTAL-PASSED. False for a copy, a look-alike and a consent's signature. */
export function isVerifiedIdentification(value: unknown): value is VerifiedIdentification {
  return typeof value === 'object' && value !== null && Seal.isOn(value);
}
