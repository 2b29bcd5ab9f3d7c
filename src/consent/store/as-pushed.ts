import { parseStoredInitiation } from '../../payment/initiation.ts';
import type { Consent, StoredConsent } from '../consent.ts';

/** The consent with the pushed payment: for the page before the signature, and for the expectation of the signature. */
export function asPushed(stored: StoredConsent): Consent {
  return { ...stored, initiation: parseStoredInitiation(stored.pushed) };
}
