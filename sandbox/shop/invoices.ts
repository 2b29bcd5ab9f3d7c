import { attestVerification } from '../attestation.ts';
import type { SandboxClient } from '../clients.ts';
import type { InitiationJson } from '../tpp.ts';

export const payeeChecks = ['match', 'close-match', 'no-match'] as const;

/** What the verification of the payee says: the payer's bank attests a match, the shop's payment provider states the others. */
export type PayeeCheck = (typeof payeeChecks)[number];

/** Something to pay for; companies, accounts and references are invented, and their check digits are valid. */
export interface Invoice {
  readonly id: 'coffee' | 'office' | 'glass';
  readonly picture: string;
  /** Which bank is proposed. */
  readonly bankId: string;
  readonly payment: InitiationJson & {
    readonly instructedAmount: { readonly currency: 'SEK' | 'EUR'; readonly amount: string };
    readonly creditorName: string;
  };
  /** As people read it. */
  readonly account: string;
  readonly reference: string;
}

export const invoices: readonly Invoice[] = [
  {
    id: 'coffee',
    picture: 'coffee.svg',
    bankId: 'exempelbanken',
    payment: {
      type: 'payment_initiation',
      instructedAmount: { currency: 'SEK', amount: '1250.00' },
      creditorName: 'Exempelbutiken AB',
      creditorAccount: { bankgiro: '5050-1055' },
      remittanceInformationStructured: { reference: '12345674', referenceType: 'OCR' },
    },
    account: 'Bankgiro 5050-1055',
    reference: 'OCR 12345674',
  },
  {
    id: 'office',
    picture: 'office.svg',
    bankId: 'provbanken',
    payment: {
      type: 'payment_initiation',
      instructedAmount: { currency: 'SEK', amount: '1234567.89' },
      creditorName: 'Exempelbutiken Inredning AB',
      creditorAccount: { bankgiro: '5050-1055' },
      remittanceInformationStructured: { reference: '2026128', referenceType: 'OCR' },
    },
    account: 'Bankgiro 5050-1055',
    reference: 'OCR 2026128',
  },
  {
    id: 'glass',
    picture: 'glass.svg',
    bankId: 'exempelbanken',
    payment: {
      type: 'payment_initiation',
      instructedAmount: { currency: 'EUR', amount: '249.90' },
      creditorName: 'Exempel Glas Oy',
      creditorAccount: { iban: 'FI2112345600000785' },
      remittanceInformationStructured: { reference: 'RF18539007547034', referenceType: 'RF' },
    },
    account: 'IBAN FI21 1234 5600 0007 85',
    reference: 'RF18 5390 0754 7034',
  },
];

/** Only for a payment in euro to an IBAN can a bank compare the payee's name with the account. */
export function takesPayeeCheck({ payment }: Invoice): boolean {
  return payment.instructedAmount.currency === 'EUR';
}

/** The payment as it is pushed, with what the verification of the payee says now. */
export async function initiationOf(
  { payment }: Invoice,
  check: PayeeCheck | undefined,
  bank: SandboxClient,
): Promise<InitiationJson> {
  if (check === undefined) return payment;
  const stated = { result: check, checkedAt: new Date().toISOString() };
  if (check === 'match') {
    return { ...payment, creditorNameVerification: await attestVerification(bank, payment, stated) };
  }
  const matched = check === 'close-match' ? { matchedName: 'Exempel Glass Oy' } : {};
  return { ...payment, creditorNameVerification: { ...stated, ...matched } };
}
