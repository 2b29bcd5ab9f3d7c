import { attestVerification } from '../../../sandbox/attestation.ts';
import type { SandboxClient } from '../../../sandbox/clients.ts';

/** A payment in euro to an IBAN, whose payee a bank can verify. */
export const euroPayment = {
  type: 'payment_initiation',
  instructedAmount: { currency: 'EUR', amount: '125.00' },
  creditorName: 'Elbolaget AB',
  creditorAccount: { iban: 'SE4550000000058398257466' },
  remittanceInformationStructured: { reference: 'RF18539007547034', referenceType: 'RF' },
};

/** The verification of the payee of {@link euroPayment}, attested by the client as a bank does. */
export async function attested(by: SandboxClient, result: object, checkedAt: Date): Promise<object> {
  return attestVerification(by, euroPayment, { ...result, checkedAt: checkedAt.toISOString() });
}
