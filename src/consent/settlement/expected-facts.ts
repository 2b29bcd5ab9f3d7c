import type { CompleteOrder } from '../../attempts/answered-order.ts';
import type { Environment } from '../../kernel/environment.ts';
import { parseNonVisibleData, type SignedConsentFacts } from '../../payment/non-visible.ts';
import type { Consent } from '../consent.ts';

/** What the payer must have signed: the consent as pushed; only what belongs to this order comes from the order. */
export function expectedFacts(
  { nonVisibleData }: CompleteOrder,
  consent: Consent,
  environment: Environment,
): SignedConsentFacts {
  const { consentId, clientId, tpp, bank, bankName, channel, payer, initiation, creditorNameVerification } = consent;
  const pushed = { environment, consentId, clientId, tpp, bank, payer, initiation };
  const sent = parseNonVisibleData(nonVisibleData);
  return 'channel' in sent
    ? { ...sent, ...pushed, bankName, channel, creditorNameVerification }
    : { ...sent, ...pushed };
}
