import type { PaymentInitiation } from '../initiation.ts';
import { english, formatAccount, formatMoney, formatRows, swedish, type Spelling } from './format.ts';
import { labelsEn1, labelsSv1 } from './labels.ts';

/** Orders used these templates until version 2; their texts are still verified. */
export type Template1 = 'sv-1' | 'en-1';

export interface VisibleFacts1 {
  readonly template: Template1;
  /** The TPP's registered name and authorisation number at the time of the push. */
  readonly tpp: { readonly name: string; readonly authorisationNumber: string };
  readonly initiation: PaymentInitiation;
}

interface Words {
  readonly labels: typeof labelsSv1;
  readonly spelling: Spelling;
  readonly warning: string;
}

const words: Readonly<Record<Template1, Words>> = Object.freeze({
  'sv-1': {
    labels: labelsSv1,
    spelling: swedish,
    warning:
      'Skriv bara under om du själv har påbörjat den här betalningen.\nIngen från din bank ber dig att skriva under.',
  },
  'en-1': {
    labels: labelsEn1,
    spelling: english,
    warning: 'Sign only if you started this payment yourself.\nNobody from your bank asks you to sign.',
  },
});

/** The TPP, the payment, a warning. */
export function renderVersion1({ template, tpp, initiation }: VisibleFacts1): string {
  const { labels, spelling, warning } = words[template];
  const { debtorAccount } = initiation;
  return formatRows(
    [
      [labels.tpp, tpp.name],
      [labels.authorisationNumber, tpp.authorisationNumber],
      [labels.amount, formatMoney(initiation.instructedAmount, spelling)],
      [labels.creditorName, initiation.creditorName],
      [labels.creditorAccount, formatAccount(initiation.creditorAccount, spelling)],
      [labels.ocr, initiation.creditorReference?.value],
      [labels.message, initiation.remittanceInformationUnstructured],
      [labels.debtorAccount, debtorAccount && formatAccount(debtorAccount, spelling)],
      [labels.reference, initiation.endToEndIdentification],
    ],
    warning,
  );
}
