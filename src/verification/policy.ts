import { MINUTE_MS, SECOND_MS } from '../kernel/clock.ts';

/** The limits of the checks. A policy is a value; its name is in every report and all evidence. */
export interface Policy {
  readonly name: 'bankid' | 'etsi-strict';
  /** The smallest RSA modulus in a signature, a certificate or an OCSP response. */
  readonly minimumRsaBits: number;
  /** Before this moment an OCSP response signed over SHA-1 was acceptable; a caller must vouch that it existed then. */
  readonly sha1OcspSunset: Date;
  /** thisUpdate ≤ producedAt ≤ thisUpdate + this. */
  readonly maxResponseAgeMs: number;
  /** Difference of clocks allowed between BankID and us. */
  readonly skewMs: number;
  /** What to do if the responder's certificate has expired and no timestamp from before covers its response. */
  readonly expiredResponder: 'warn' | 'refuse';
}

const bankid: Policy = {
  name: 'bankid',
  minimumRsaBits: 2048,
  sha1OcspSunset: new Date('2022-07-01T00:00:00Z'),
  maxResponseAgeMs: 5 * MINUTE_MS,
  skewMs: 60 * SECOND_MS,
  expiredResponder: 'warn',
};

/** `bankid`: the OCSP response is the proof of existence. `etsi-strict`: only while the responder's certificate is valid, or if a timestamp from then covers it. */
export const policies: Readonly<Record<Policy['name'], Policy>> = {
  bankid,
  'etsi-strict': { ...bankid, name: 'etsi-strict', expiredResponder: 'refuse' },
};

export function isPolicyName(value: string): value is Policy['name'] {
  return Object.hasOwn(policies, value);
}
