import type { Client } from '../clients/clients.ts';

const HOUR_MS = 3_600_000;
const DECEMBER = 12;

/** The financial year that makes retention longest, whenever something is recorded: one that ends in January. */
export const LONGEST_YEAR = 1;

const monthIn = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Stockholm', year: 'numeric', month: 'numeric' });

/**
 * How long evidence recorded at `at` must be kept: the longest of the rules that apply.
 * - Accounting records: until the end of the seventh year after the calendar year in which the financial year ended.
 * - Money laundering: five years. Disputed payments: thirteen months.
 * Evidence that authorised nothing (refused, surplus) is not an accounting record.
 * @param yearEnd the last month of the bank's financial year, 1 to 12
 * @returns the first moment at which it may be erased
 * @see bokföringslagen (1999:1078) 3 kap. 1 §, 7 kap. 2 §; lag (2017:630) 5 kap. 3 §; Directive (EU) 2015/2366 Art. 71
 */
export function retentionEnd(kind: 'accepted' | 'refused' | 'surplus', at: Date, yearEnd: number): Date {
  const ends = [addMonths(at, 5 * 12), addMonths(at, 13), ...(kind === 'accepted' ? [accountingEnd(at, yearEnd)] : [])];
  return new Date(Math.max(...ends.map((end) => end.getTime())));
}

/** The last month of a bank's financial year: the calendar year's unless it says otherwise; of an unknown bank, what keeps longest. */
export function yearEndOf(bank: Pick<Client, 'financialYearEnd'> | undefined): number {
  return bank ? (bank.financialYearEnd ?? DECEMBER) : LONGEST_YEAR;
}

/** A financial year ends with a month, by Swedish time; the Swedish year begins one hour before the UTC year. */
function accountingEnd(at: Date, yearEnd: number): Date {
  const parts = monthIn.formatToParts(at);
  const read = (type: 'year' | 'month'): number => Number(parts.find((part) => part.type === type)?.value);
  const endsIn = read('year') + (read('month') > yearEnd ? 1 : 0);
  return new Date(Date.UTC(endsIn + 8, 0, 1) - HOUR_MS);
}

/** The same day and hour `months` later; a day that the month does not have runs over into the next one. */
function addMonths(at: Date, months: number): Date {
  const end = new Date(at);
  end.setUTCMonth(end.getUTCMonth() + months);
  return end;
}
