import fc from 'fast-check';
import { formatInstant } from './clock.ts';

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
