import { addMs, DAY_MS, findDay, MINUTE_MS } from '../../kernel/clock.ts';

const parts = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Stockholm', timeZoneName: 'longOffset' });

/**
 * The first moment of a calendar day in Sweden: 22:00 UTC of the day before in summer, 23:00 in winter. Summer time begins and ends
 * in the night's third hour, so each day has one midnight; a day lasts 23, 24 or 25 hours.
 * @param text full-date (RFC 3339 §5.6)
 * @returns undefined if there is no such day
 */
export function findSwedishDay(text: string): Date | undefined {
  const utc = findDay(text);
  if (!utc) return undefined;
  // An hour or two before midnight UTC it is the same night in Sweden, before any change of that day.
  return addMs(utc, -offsetMinutesAt(addMs(utc, -90 * MINUTE_MS)) * MINUTE_MS);
}

/** The first moment of the day after. */
export function findDayAfter(text: string): Date | undefined {
  const utc = findDay(text);
  return utc && findSwedishDay(addMs(utc, DAY_MS).toISOString().slice(0, 10));
}

/** How far Swedish time is ahead of UTC at a moment. */
function offsetMinutesAt(at: Date): number {
  const name = parts.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, hours, minutes] = /^GMT\+(\d{2}):(\d{2})/.exec(name) ?? [];
  return Number(hours ?? 0) * 60 + Number(minutes ?? 0);
}
