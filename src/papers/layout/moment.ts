const format = new Intl.DateTimeFormat('sv-SE', {
  dateStyle: 'short',
  timeStyle: 'medium',
  timeZone: 'Europe/Stockholm',
});

/** `2026-06-01 14:00:30`, the time in Sweden. */
export function swedishTime(at: Date): string {
  return format.format(at);
}
