import { checkVerification } from '../../../clients/attestation.ts';
import type { Bank } from '../../../clients/clients.ts';
import type { CreditorNameVerification } from '../../../payment/creditor-name-verification.ts';
import type { PushedPayment } from '../../../payment/initiation.ts';

const pointer = '/authorization_details/0/creditorNameVerification';

/**
 * The verification of the payee is of this moment, and its attestation is the bank's, of exactly this payee and result.
 * @throws DomainError `initiation.invalid`
 */
export function checkCreditorNameVerification(
  { verification, initiation }: PushedPayment,
  bank: Bank,
  now: Date,
): CreditorNameVerification | undefined {
  if (verification) checkVerification(verification, initiation, bank, now, pointer);
  return verification;
}
