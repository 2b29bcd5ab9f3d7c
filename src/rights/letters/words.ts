import type { Language } from '../../design/language.ts';
import { addMs, formatSwedishDay } from '../../kernel/clock.ts';
import type { RetentionRule } from '../subject/retention-rule.ts';

export const ruleWords: Readonly<Record<Language, Readonly<Record<RetentionRule, string>>>> = {
  sv: {
    accounting: '7 kap. 2 § bokföringslagen (1999:1078)',
    'money-laundering': '5 kap. 3 § lagen (2017:630) om åtgärder mot penningtvätt och finansiering av terrorism',
    dispute: '5 kap. lagen (2010:751) om betaltjänster: en betalning kan bestridas i tretton månader',
  },
  en: {
    accounting: 'chapter 7, section 2 of the Swedish Accounting Act (1999:1078)',
    'money-laundering': 'chapter 5, section 3 of the Swedish Act (2017:630) on measures against money laundering',
    dispute: 'the Swedish Payment Services Act (2010:751): a payment can be disputed for thirteen months',
  },
};

/** The last day on which something is kept. @param endsAt the first moment at which it may be erased */
export function lastDayBefore(endsAt: Date): string {
  return formatSwedishDay(addMs(endsAt, -1));
}

/** A value on one line: what a TPP wrote ends no line and hides nothing. */
export function oneLine(value: unknown): string {
  const text = typeof value === 'string' ? value : '';
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').trim();
}

/** `8400.00 SEK to Hyresvärden Åkesson`, as the payment was asked for. */
export function paymentLine(payment: Readonly<Record<string, unknown>>, language: Language): string {
  const { amount, currency } = (payment['instructedAmount'] ?? {}) as Readonly<Record<string, unknown>>;
  const to = language === 'sv' ? 'till' : 'to';
  return `${oneLine(amount)} ${oneLine(currency)} ${to} ${oneLine(payment['creditorName'])}`;
}
