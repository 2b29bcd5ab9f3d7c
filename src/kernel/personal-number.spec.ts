import fc from 'fast-check';
import { findPersonalNumber, luhnDigit } from './personal-number.ts';

const year = fc.integer({ min: 1800, max: 2099 });
const serial = fc.integer({ min: 0, max: 999 });

function numberOf(parts: readonly [year: number, month: number, day: number, serial: number]): string {
  const [y, month, day, n] = parts;
  const two = (value: number): string => String(value).padStart(2, '0');
  const digits = `${y}${two(month)}${two(day)}${String(n).padStart(3, '0')}`;
  return `${digits}${luhnDigit(digits.slice(2))}`;
}

const birthdays = fc.tuple(year, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 31 }), serial);
const coordinations = fc.tuple(year, fc.integer({ min: 0, max: 12 }), fc.integer({ min: 60, max: 91 }), serial);

describe('a personal number', () => {
  it.each(['191500722390', '191212121212', '199001012385'])('of Skatteverket’s test numbers is one: %s', (number) => {
    expect(findPersonalNumber(number)).toBe(number);
  });

  it('has a month and a day, or is a coordination number with 60 added to the day, where month and day may be unknown', () => {
    fc.assert(
      fc.property(fc.oneof(birthdays, coordinations), (parts) => {
        expect(findPersonalNumber(numberOf(parts))).toBe(numberOf(parts));
      }),
    );
  });

  it('is none with any other month or day', () => {
    const valid = (month: number, day: number): boolean =>
      month <= 12 && ((month >= 1 && day >= 1 && day <= 31) || (day >= 60 && day <= 91));
    const any = fc.tuple(year, fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 99 }), serial);
    fc.assert(
      fc.property(any, (parts) => {
        expect(findPersonalNumber(numberOf(parts)) !== undefined).toBe(valid(parts[1], parts[2]));
      }),
    );
  });

  it('is none with another check digit', () => {
    fc.assert(
      fc.property(fc.oneof(birthdays, coordinations), fc.integer({ min: 1, max: 9 }), (parts, change) => {
        const right = numberOf(parts);
        expect(findPersonalNumber(`${right.slice(0, 11)}${(Number(right[11]) + change) % 10}`)).toBeUndefined();
      }),
    );
  });
});
