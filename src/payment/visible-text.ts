import { formatAmount, type Money } from './money.ts';
import { type Account, type AccountKind, formatAccountNumber } from './account.ts';
import type { PaymentInitiation } from './initiation.ts';
import { labelsEn1, labelsSv1, type Line } from './templates/labels.ts';

export const templateIds = ['sv-1', 'en-1'] as const;

/** Language and version. A template never changes; a better text is a new version beside it. */
export type TemplateId = (typeof templateIds)[number];

export interface VisibleFacts {
  /** The TPP's registered name and authorisation number at the time of the push. */
  readonly tppName: string;
  readonly authorisationNumber: string;
  readonly initiation: PaymentInitiation;
}

export function isTemplateId(value: string): value is TemplateId {
  return (templateIds as readonly string[]).includes(value);
}

/** The newest template of a language. */
export function templateOf(language: 'sv' | 'en'): TemplateId {
  return language === 'sv' ? 'sv-1' : 'en-1';
}

/**
 * The text that the payer reads and signs, lines separated by LF: the TPP, the payment, a warning. The same facts
 * always give the same bytes: no Intl, none of the runtime's Unicode tables. Values are never changed; they were
 * checked when the consent was pushed.
 * @see Commission Delegated Regulation (EU) 2018/389 Art. 5(1)(a), 5(2)
 */
export function renderVisibleText(template: TemplateId, facts: VisibleFacts): string {
  const { labels, account, amount, warning } = templates[template];
  const { initiation } = facts;
  const values: readonly (readonly [Line, string | undefined])[] = [
    ['tpp', facts.tppName],
    ['authorisationNumber', facts.authorisationNumber],
    ['amount', amount(initiation.instructedAmount)],
    ['creditorName', initiation.creditorName],
    ['creditorAccount', formatAccount(initiation.creditorAccount, account)],
    ['ocr', initiation.ocrReference],
    ['message', initiation.remittanceInformationUnstructured],
    ['debtorAccount', initiation.debtorAccount && formatAccount(initiation.debtorAccount, account)],
    ['reference', initiation.endToEndIdentification],
  ];
  let text = '';
  for (const [line, value] of values) if (value !== undefined) text += `${labels[line]}:\n  ${value}\n`;
  return `${text}\n${warning}`;
}

interface Template {
  readonly labels: Readonly<Record<Line, string>>;
  readonly account: Readonly<Record<AccountKind, string>>;
  readonly amount: (money: Money) => string;
  readonly warning: string;
}

const templates: Readonly<Record<TemplateId, Template>> = Object.freeze({
  'sv-1': {
    labels: labelsSv1,
    account: { iban: 'IBAN', bban: 'Bankkonto', bankgiro: 'Bankgiro', plusgiro: 'Plusgiro' },
    amount: (money) => formatMoney(money, ' ', ','),
    warning:
      'Skriv bara under om du själv har påbörjat den här betalningen.\nIngen från din bank ber dig att skriva under.',
  },
  'en-1': {
    labels: labelsEn1,
    account: { iban: 'IBAN', bban: 'Bank account', bankgiro: 'Bankgiro', plusgiro: 'Plusgiro' },
    amount: (money) => formatMoney(money, ',', '.'),
    warning: 'Sign only if you started this payment yourself.\nNobody from your bank asks you to sign.',
  },
});

function formatAccount(account: Account, kinds: Readonly<Record<AccountKind, string>>): string {
  return `${kinds[account.kind]} ${formatAccountNumber(account)}`;
}

function formatMoney(money: Money, group: string, point: string): string {
  const [whole = '', fraction] = formatAmount(money).split('.');
  let grouped = whole.slice(0, whole.length % 3 || 3);
  for (let at = grouped.length; at < whole.length; at += 3) grouped += `${group}${whole.slice(at, at + 3)}`;
  return `${grouped}${fraction === undefined ? '' : `${point}${fraction}`} ${money.currency}`;
}
