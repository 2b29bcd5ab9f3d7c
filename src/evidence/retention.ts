const HOUR_MS = 3_600_000;

/**
 * How long evidence recorded at `at` must be kept: the longest of the rules that apply.
 * - Accounting records: until the end of the seventh year after the calendar year in which the financial year ended; the
 *   financial year is assumed to be the calendar year, so an installation with another one places holds.
 * - Money laundering: five years. Disputed payments: thirteen months.
 * Evidence that authorised nothing (refused, surplus) is not an accounting record.
 * @returns the first moment at which it may be erased
 * @see bokföringslagen (1999:1078) 7 kap. 2 §; lag (2017:630) 5 kap. 3 §; Directive (EU) 2015/2366 Art. 71
 */
export function retentionEnd(kind: 'accepted' | 'refused' | 'surplus', at: Date): Date {
  const ends = [addMonths(at, 5 * 12), addMonths(at, 13), ...(kind === 'accepted' ? [accountingEnd(at)] : [])];
  return new Date(Math.max(...ends.map((end) => end.getTime())));
}

/** The Swedish year begins one hour before the UTC year. */
function accountingEnd(at: Date): Date {
  const year = new Date(at.getTime() + HOUR_MS).getUTCFullYear();
  return new Date(Date.UTC(year + 8, 0, 1) - HOUR_MS);
}

/** The same day and hour `months` later; a day that the month does not have runs over into the next one. */
function addMonths(at: Date, months: number): Date {
  const end = new Date(at);
  end.setUTCMonth(end.getUTCMonth() + months);
  return end;
}
