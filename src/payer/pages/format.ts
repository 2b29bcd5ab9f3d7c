import type { Money } from '../../payment/money.ts';
import { formatSignedMoney } from '../../payment/visible-text.ts';
import { type Account, formatAccountNumber } from '../../payment/account.ts';
import type { Language } from '../../design/language.ts';
import { textsOf } from './texts.ts';

/** The amount as the signed text writes it, so that the payer compares like with like: `1 250,00 SEK`, `1,250.00 SEK`. */
export function formatMoney(money: Money, language: Language): string {
  // No-break spaces: an amount must never be split over two lines.
  return formatSignedMoney(money, language).replaceAll(' ', '\u00a0');
}

/** Kind and number: `Bankgiro 5050-1055`. */
export function formatAccount(account: Account, language: Language): string {
  return `${textsOf({ language, purpose: 'payment' }).summary.accountKinds[account.kind]} ${formatAccountNumber(account)}`;
}

/** How long to wait, in the largest unit that fits and never too short: `om 3 sekunder`, `in 12 minutes`. */
export function formatWait(seconds: number, language: Language): string {
  const words = new Intl.RelativeTimeFormat(language);
  if (seconds < 60) return words.format(seconds, 'second');
  if (seconds < 3600) return words.format(Math.ceil(seconds / 60), 'minute');
  return words.format(Math.ceil(seconds / 3600), 'hour');
}

const timeOfDay = (locale: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', timeZone: 'Europe/Stockholm' });

/** Made once: a format takes 0.05 ms to make and 0.001 to use. */
const timesOfDay: Readonly<Record<Language, Intl.DateTimeFormat>> = { sv: timeOfDay('sv-SE'), en: timeOfDay('en-GB') };

/** The time of day in Sweden, where the payer and the bank are. */
export function formatTime(at: Date, language: Language): string {
  return timesOfDay[language].format(at);
}
