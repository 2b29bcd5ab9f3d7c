import type { Branding } from '../../../src/design/brand.ts';
import type { Language } from '../../../src/design/language.ts';
import type { InteractionContext } from '../../../src/payer/pages/facts.ts';
import { parseInitiation } from '../../../src/payment/initiation.ts';

/** Who stands on a page. */
export interface Names {
  readonly client: string;
  readonly bank: string;
  readonly payee: string;
}

const usual: Names = { client: 'Fakturera Direkt AB', bank: 'Exempelbanken i Väst AB', payee: 'Elbolaget i Norr AB' };

const initiation = parseInitiation(
  {
    type: 'payment_initiation',
    instructedAmount: { currency: 'SEK', amount: '1234567.89' },
    creditorName: usual.payee,
    creditorAccount: { iban: 'SE4550000000058398257466' },
    debtorAccount: { iban: 'SE4550000000058398257466' },
    remittanceInformationStructured: { reference: 'RF18539007547034', referenceType: 'RF' },
  },
  '',
);

const expiresAt = new Date('2026-11-22T19:32Z');

/** What a payer is asked: with a long amount, two IBANs, a reference and a check of the payee. */
export function askedPayment(language: Language, branding: Branding, names = usual): InteractionContext {
  return {
    ...{
      language,
      environment: 'sandbox',
      version: 'v.1',
      prefersThisDevice: false,
      secondsLeft: 900,
      purpose: 'payment',
    },
    path: '/pay/AAAAAAAAAAAAAAAAAAAAAA',
    returnPath: '/authorize/AAAAAAAAAAAAAAAAAAAAAA/return',
    brand: branding.brandOf('banken', names.bank),
    asked: {
      purpose: 'payment',
      clientName: names.client,
      authorisationNumber: 'PSDSE-FINA-44059',
      bankName: names.bank,
      initiation: { ...initiation, creditorName: names.payee },
      creditorNameVerification: {
        result: 'no-match',
        matchedName: undefined,
        checkedAt: new Date('2026-11-22T19:20Z'),
        attestation: undefined,
      },
      expiresAt,
    },
  };
}

/** What a person who logs in is asked. */
export function askedLogin(language: Language): InteractionContext {
  return {
    ...{
      language,
      environment: 'sandbox',
      version: 'v.1',
      prefersThisDevice: false,
      secondsLeft: 900,
      purpose: 'login',
    },
    path: '/login/AAAAAAAAAAAAAAAAAAAAAA',
    returnPath: '/authorize/login/AAAAAAAAAAAAAAAAAAAAAA/return',
    asked: { purpose: 'login', clientName: usual.client, isToldNames: true, isToldNumber: true, expiresAt },
  };
}
