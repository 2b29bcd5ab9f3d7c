import { findVerificationFault } from '../../../clients/attestation.ts';
import type { Bank } from '../../../clients/clients.ts';
import { DomainError } from '../../../kernel/errors.ts';
import { checkAttestation, type CreditorNameVerification } from '../../../payment/creditor-name-verification.ts';
import type { PushedPayment } from '../../../payment/initiation.ts';

const pointer = '/authorization_details/0/creditorNameVerification';

/**
 * The verification of the payee is of this moment, and its attestation is the bank's, of exactly this payee and result.
 * @throws DomainError `initiation.invalid`
 */
export function checkCreditorNameVerification(
  payment: PushedPayment,
  bank: Bank,
  now: Date,
): CreditorNameVerification | undefined {
  const { verification } = payment;
  if (!verification) return undefined;
  const fault = findVerificationFault(verification, bank, now);
  if (fault)
    throw new DomainError('initiation.invalid', { pointer: `${pointer}/${fault.member}`, detail: fault.detail });
  checkAttestation(verification, payment.initiation, pointer);
  return verification;
}
