import type { Grant } from '../../consent/consent.ts';
import type { JsonObject } from '../../kernel/json.ts';

/** The granted details, with the consent's id. @see RFC 9396 §7, §9.2 */
export function grantedDetails(grant: Pick<Grant, 'consentId' | 'initiation'>): readonly JsonObject[] {
  return [{ ...grant.initiation, consent_id: grant.consentId }];
}
