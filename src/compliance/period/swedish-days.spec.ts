import { findDayAfter, findSwedishDay } from './swedish-days.ts';

const HOUR_MS = 3_600_000;

describe('a Swedish day', () => {
  it.each([
    ['2026-01-15', '2026-01-14T23:00:00.000Z', 24],
    ['2026-07-15', '2026-07-14T22:00:00.000Z', 24],
    // Clocks go forward at 02:00 on 29 March, and back at 03:00 on 25 October.
    ['2026-03-28', '2026-03-27T23:00:00.000Z', 24],
    ['2026-03-29', '2026-03-28T23:00:00.000Z', 23],
    ['2026-03-30', '2026-03-29T22:00:00.000Z', 24],
    ['2026-10-24', '2026-10-23T22:00:00.000Z', 24],
    ['2026-10-25', '2026-10-24T22:00:00.000Z', 25],
    ['2026-10-26', '2026-10-25T23:00:00.000Z', 24],
    ['2024-02-29', '2024-02-28T23:00:00.000Z', 24],
    ['2026-12-31', '2026-12-30T23:00:00.000Z', 24],
  ])('%s begins at %s and lasts %i hours', (day, begin, hours) => {
    const from = findSwedishDay(day);
    expect(from?.toISOString()).toBe(begin);
    expect((findDayAfter(day)!.getTime() - from!.getTime()) / HOUR_MS).toBe(hours);
  });

  it.each(['2026-02-30', '2026-13-01', '2025-02-29', '2026-3-29', '2026-03-29T00:00:00Z', '29 March', ''])(
    'is none: %s',
    (text) => {
      expect([findSwedishDay(text), findDayAfter(text)]).toEqual([undefined, undefined]);
    },
  );

  it('begins when the day before it ends, every day of twenty years', () => {
    for (let day = Date.UTC(2020, 0, 1); day < Date.UTC(2040, 0, 1); day += 24 * HOUR_MS) {
      const [today = '', tomorrow = ''] = [day, day + 24 * HOUR_MS].map((at) =>
        new Date(at).toISOString().slice(0, 10),
      );
      expect(findDayAfter(today)).toEqual(findSwedishDay(tomorrow));
      const local = findSwedishDay(today)!.toLocaleString('sv-SE', { timeZone: 'Europe/Stockholm' });
      expect(local).toBe(`${today} 00:00:00`);
    }
  });
});
