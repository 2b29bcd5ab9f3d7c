import { parseStoredInitiation } from '../../payment/initiation.ts';
import { checkStoredNames } from '../../payment/permitted-text.ts';
import type { Consent, StoredConsent } from '../consent.ts';

/**
 * The consent with the pushed payment: for the page before the signature, and for the expectation of the signature.
 * @throws DomainError `initiation.invalid` for a row that no push has written
 */
export function asPushed(stored: StoredConsent): Consent {
  checkStoredNames(stored);
  return { ...stored, initiation: parseStoredInitiation(stored.pushed) };
}
