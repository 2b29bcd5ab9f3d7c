import { parseSignedInitiation } from '../../payment/initiation.ts';
import type { Consent, StoredConsent } from '../consent.ts';

/** The consent with the payment that was pushed: for the page before the signature, and for what the signature is compared with. */
export function asPushed(stored: StoredConsent): Consent {
  return { ...stored, initiation: parseSignedInitiation(stored.pushed, '') };
}
