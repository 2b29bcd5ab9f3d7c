import { verificationToJson } from '../../payment/creditor-name-verification.ts';
import { initiationToJson } from '../../payment/initiation.ts';
import type { ConsentRequest, NewConsent, PushedConsent } from '../consent.ts';

/** The row of a new consent. */
export function newConsent(
  pushed: PushedConsent,
  { initiation, creditorNameVerification, client, bank, channel }: ConsentRequest,
  payer: { readonly hash: Buffer; readonly sealed: Buffer } | undefined,
): NewConsent {
  return {
    ...pushed,
    bank: bank.id,
    clientId: client.id,
    channel,
    bankName: bank.name,
    tppName: client.name,
    authorisationNumber: client.authorisationNumber,
    initiationJson: JSON.stringify(initiationToJson(initiation)),
    creditorNameVerificationJson:
      creditorNameVerification && JSON.stringify(verificationToJson(creditorNameVerification)),
    boundPayerHash: payer?.hash,
    loginHintSealed: payer?.sealed,
  };
}
