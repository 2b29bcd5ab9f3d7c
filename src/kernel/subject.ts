import type { ConsentId } from './ids.ts';

/** The name of a consent's data key and of its chain of audit events: both depend on bank and consent. */
export function consentSubject(bank: string, consentId: ConsentId): string {
  return `consent:${bank}:${consentId}`;
}
