import { formatInstant } from '../../kernel/clock.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { accountToJson } from '../../payment/account.ts';
import { channelToJson } from '../../payment/channel.ts';
import { initiationToJson } from '../../payment/initiation.ts';
import { neutralReason, type Consent } from '../consent.ts';

/** A consent as its TPP or its bank may read it. Only the bank sees its own payment reference. */
export function consentToJson(consent: Consent, reader: 'tpp' | 'bank'): JsonObject {
  return {
    consentId: consent.consentId,
    state: consent.state,
    ...(consent.reason && { reason: neutralReason(consent.reason) }),
    authorizationDetails: [initiationToJson(consent.initiation)],
    bank: consent.bank,
    clientId: consent.clientId,
    channel: channelToJson(consent.channel),
    payer: consent.payer,
    createdAt: formatInstant(consent.createdAt),
    expiresAt: formatInstant(consent.expiresAt),
    ...(consent.authorisedAt && { authorisedAt: formatInstant(consent.authorisedAt) }),
    ...(consent.endedAt && { endedAt: formatInstant(consent.endedAt) }),
    ...(consent.debtorAccount && reader === 'bank' && { debtorAccount: accountToJson(consent.debtorAccount) }),
    ...(consent.paymentReference !== undefined && reader === 'bank' && { paymentReference: consent.paymentReference }),
    ...(consent.execution && { execution: consent.execution }),
    ...(consent.executionReason !== undefined && reader === 'bank' && { executionReason: consent.executionReason }),
    berlinGroup: berlinGroupStatus(consent),
    obie: { status: obieStatus(consent) },
  };
}

/** @see Berlin Group NextGenPSD2 1.3.11 §14.13 transactionStatus (ISO 20022), §14.16 scaStatus */
function berlinGroupStatus(consent: Consent): JsonObject {
  switch (consent.state) {
    case 'awaiting-authorisation':
      return { transactionStatus: 'RCVD', scaStatus: consent.signingBegun ? 'started' : 'received' };
    case 'authorised':
      return { transactionStatus: 'ACTC', scaStatus: 'finalised' };
    case 'consumed':
      return { transactionStatus: transactionStatus[consent.execution ?? 'pending'], scaStatus: 'finalised' };
    case 'rejected':
      return { transactionStatus: 'RJCT', scaStatus: 'failed' };
    case 'expired':
      return { transactionStatus: 'RJCT', scaStatus: consent.authorisedAt ? 'finalised' : 'failed' };
    case 'revoked':
      return { transactionStatus: 'CANC', scaStatus: consent.authorisedAt ? 'finalised' : 'failed' };
  }
}

const transactionStatus = { pending: 'ACTC', executed: 'ACSC', failed: 'RJCT' } as const;

/** OBIE has no status for a consent that ends between authorisation and consumption: it stays AUTH. @see UK Open Banking 4.0, ConsentStatus */
function obieStatus(consent: Consent): string {
  if (consent.state === 'awaiting-authorisation') return 'AWAU';
  if (consent.state === 'consumed') return 'COND';
  return consent.authorisedAt ? 'AUTH' : 'RJCT';
}
