import { LONGEST_YEAR, retentionEnd, yearEndOf } from './retention.ts';

const end = (kind: 'accepted' | 'refused' | 'surplus', at: string, yearEnd = 12) =>
  retentionEnd(kind, new Date(at), yearEnd).toISOString();

describe('retention', () => {
  it('keeps what authorised a payment to the end of the seventh year after its year, by Swedish time', () => {
    expect(end('accepted', '2026-01-02T10:00:00Z')).toBe('2033-12-31T23:00:00.000Z');
    expect(end('accepted', '2026-12-31T22:59:59Z')).toBe('2033-12-31T23:00:00.000Z');
  });

  it('counts a payment just after the Swedish midnight to the new year', () => {
    expect(end('accepted', '2026-12-31T23:00:00Z')).toBe('2034-12-31T23:00:00.000Z');
  });

  it('counts from the calendar year in which the financial year of the bank ends', () => {
    expect(end('accepted', '2026-06-30T21:59:59Z', 6)).toBe('2033-12-31T23:00:00.000Z');
    expect(end('accepted', '2026-06-30T22:00:00Z', 6)).toBe('2034-12-31T23:00:00.000Z');
    expect(end('accepted', '2028-02-29T22:59:59Z', 2)).toBe('2035-12-31T23:00:00.000Z');
    expect(end('accepted', '2028-02-29T23:00:00Z', 2)).toBe('2036-12-31T23:00:00.000Z');
  });

  it('keeps what authorised nothing for five years in every financial year', () => {
    expect(end('refused', '2026-03-04T05:06:07Z')).toBe('2031-03-04T05:06:07.000Z');
    expect(end('surplus', '2028-02-29T00:00:00Z', 1)).toBe('2033-03-01T00:00:00.000Z');
  });

  it('assumes of a bank the calendar year, and of an unknown one what keeps longest', () => {
    expect([yearEndOf({}), yearEndOf({ financialYearEnd: 6 }), yearEndOf(undefined)]).toEqual([12, 6, LONGEST_YEAR]);
    for (let month = 1; month <= 12; month += 1)
      for (let yearEnd = 1; yearEnd <= 12; yearEnd += 1) {
        const at = new Date(Date.UTC(2026, month - 1, 15));
        const longest = retentionEnd('accepted', at, LONGEST_YEAR);
        expect(longest >= retentionEnd('accepted', at, yearEnd)).toBe(true);
      }
  });
});
