import { type Account, type AccountKind, formatAccountNumber } from '../account.ts';
import { formatAmount, type Money } from '../money.ts';

/** A line of a signed text: its label and its value; a line without a value is left out. */
export type Row = readonly [label: string, value: string | undefined];

/** Each value is on a line of its own after its label, so that no value can look like a label; then the warning. */
export function formatRows(rows: readonly Row[], warning: string): string {
  let text = '';
  for (const [label, value] of rows) if (value !== undefined) text += `${label}:\n  ${value}\n`;
  return `${text}\n${warning}`;
}

/** The words of both versions for the kinds of accounts, and how they write an amount. Frozen like the templates. */
export interface Spelling {
  readonly account: Readonly<Record<AccountKind, string>>;
  readonly group: string;
  readonly point: string;
}

export const swedish: Spelling = {
  account: { iban: 'IBAN', bban: 'Bankkonto', bankgiro: 'Bankgiro', plusgiro: 'Plusgiro' },
  group: ' ',
  point: ',',
};

export const english: Spelling = {
  account: { iban: 'IBAN', bban: 'Bank account', bankgiro: 'Bankgiro', plusgiro: 'Plusgiro' },
  group: ',',
  point: '.',
};

export function formatAccount(account: Account, { account: kinds }: Spelling): string {
  return `${kinds[account.kind]} ${formatAccountNumber(account)}`;
}

export function formatMoney(money: Money, { group, point }: Spelling): string {
  const [whole = '', fraction] = formatAmount(money).split('.');
  let grouped = whole.slice(0, whole.length % 3 || 3);
  for (let at = grouped.length; at < whole.length; at += 3) grouped += `${group}${whole.slice(at, at + 3)}`;
  return `${grouped}${fraction === undefined ? '' : `${point}${fraction}`} ${money.currency}`;
}
