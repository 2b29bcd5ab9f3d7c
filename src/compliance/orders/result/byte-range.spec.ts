import { readRange } from './byte-range.ts';

describe('a range of a result of 1,000 octets', () => {
  it.each([
    ['bytes=0-0', { first: 0, last: 0 }],
    ['bytes=0-', { first: 0, last: 999 }],
    ['bytes=999-', { first: 999, last: 999 }],
    ['bytes=500-2000', { first: 500, last: 999 }],
    ['bytes=-1', { first: 999, last: 999 }],
    ['bytes=-5000', { first: 0, last: 999 }],
    ['BYTES=10-19', { first: 10, last: 19 }],
  ])('is %s', (header, range) => {
    expect(readRange(header, 1000)).toEqual(range);
  });

  it.each(['bytes=1000-', 'bytes=1000-1000', 'bytes=-0', 'bytes=999999999999999-'])('is not there: %s', (header) => {
    expect(readRange(header, 1000)).toBe('unsatisfiable');
  });

  it.each([
    undefined,
    '',
    'bytes=',
    'bytes=-',
    'bytes=5-4',
    'bytes=0-1,5-6',
    'items=0-1',
    'bytes=a-b',
    'bytes=+1-2',
    'bytes=1-2-3',
  ])('is the whole where the header names none: %s', (header) => {
    expect(readRange(header, 1000)).toBe('whole');
  });
});
