import fc from 'fast-check';
import { findDay, findInstant, formatInstant } from './clock.ts';

describe('a time as Sigill writes it', () => {
  it('is RFC 3339 in UTC, as toISOString has it', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), (at) => {
        expect(formatInstant(at)).toBe(at.toISOString());
      }),
      { numRuns: 2_000 },
    );
  });

  it('is refused where there is none', () => {
    expect(() => formatInstant(new Date(NaN))).toThrow(RangeError);
  });
});

const two = (value: number): string => String(value).padStart(2, '0');
const four = (value: number): string => String(value).padStart(4, '0');

function daysOf(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}

const upTo = (max: number) => fc.integer({ min: 0, max });

describe('a time as it is read', () => {
  it('is a moment exactly where the calendar has that day and the clock that time', () => {
    fc.assert(
      fc.property(upTo(9_999), upTo(14), upTo(33), upTo(25), upTo(61), upTo(61), (year, month, day, ...time) => {
        const [hour, minute, second] = time;
        const isReal = day >= 1 && day <= daysOf(year, month) && hour <= 23 && minute <= 59 && second <= 59;
        const text = `${four(year)}-${two(month)}-${two(day)}T${time.map(two).join(':')}Z`;
        expect(findInstant(text)?.toISOString()).toBe(isReal ? text.replace('Z', '.000Z') : undefined);
        const isDay = day >= 1 && day <= daysOf(year, month);
        expect(findDay(text.slice(0, 10))?.toISOString()).toBe(
          isDay ? `${text.slice(0, 10)}T00:00:00.000Z` : undefined,
        );
      }),
      {
        numRuns: 5_000,
        examples: [
          [2026, 2, 30, 0, 0, 0],
          [2024, 2, 29, 0, 0, 0],
          [2026, 1, 1, 24, 0, 0],
        ],
      },
    );
  });

  it('is the same moment in every offset from UTC, to the millisecond', () => {
    const years = { min: new Date('1000-01-03T00:00:00Z'), max: new Date('9999-12-29T00:00:00Z'), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(years), fc.integer({ min: -1_439, max: 1_439 }), upTo(999_999), (at, offset, beyond) => {
        const local = formatInstant(new Date(at.getTime() + offset * 60_000)).slice(0, -1);
        const size = Math.abs(offset);
        const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
        expect(findInstant(`${local}${zone}`)).toEqual(at);
        expect(findInstant(`${local}${String(beyond).padStart(6, '0')}${zone}`.toLowerCase())).toEqual(at);
      }),
    );
  });

  it.each([
    ['2026-01-01', 'a date where a time is asked'],
    ['2026-01-01T00:00:00', 'no offset'],
    ['2026-01-01 00:00:00Z', 'a space for the T'],
    ['2026-01-01T00:00Z', 'no seconds'],
    ['2026-01-01T00:00:00.Z', 'an empty fraction'],
    ['2026-01-01T00:00:00+0100', 'an offset without its colon'],
    ['2026-01-01T00:00:00+24:00', 'an offset of a day'],
    ['2026-01-01T00:00:00+01:60', 'an offset of sixty minutes'],
    ['2016-12-31T23:59:60Z', 'a leap second'],
    ['+002026-01-01T00:00:00Z', 'a year of six digits'],
    [' 2026-01-01T00:00:00Z', 'white space before it'],
    ['2026-01-01T00:00:00Z\n', 'a line end after it'],
    ['٢٠٢٦-01-01T00:00:00Z', 'digits of another script'],
    ['', 'nothing'],
  ])('is refused as %j: %s', (text) => {
    expect(findInstant(text)).toBeUndefined();
  });
});
