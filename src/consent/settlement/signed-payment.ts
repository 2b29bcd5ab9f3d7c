import type { ClientId, EvidenceId } from '../../kernel/ids.ts';
import { initiationText } from '../../payment/initiation.ts';
import type { SignedConsentFacts } from '../../payment/non-visible.ts';
import type { SignedPayment } from '../consent.ts';

/** What `authorisation` stores of a signature, read from the signed bytes and never from a row. */
export function signedPayment(facts: SignedConsentFacts, evidenceId: EvidenceId): SignedPayment {
  const { consentId, environment, bank, clientId, initiation } = facts;
  return {
    consentId,
    evidenceId,
    environment,
    bank: bank as ClientId,
    clientId: clientId as ClientId,
    initiationText: initiationText(initiation),
  };
}
