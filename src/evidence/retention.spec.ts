import { retentionEnd } from './retention.ts';

const end = (kind: 'accepted' | 'refused' | 'surplus', at: string) => retentionEnd(kind, new Date(at)).toISOString();

describe('retention', () => {
  it('keeps what authorised a payment to the end of the seventh year after its year, by Swedish time', () => {
    expect(end('accepted', '2026-01-02T10:00:00Z')).toBe('2033-12-31T23:00:00.000Z');
    expect(end('accepted', '2026-12-31T22:59:59Z')).toBe('2033-12-31T23:00:00.000Z');
  });

  it('counts a payment just after the Swedish midnight to the new year', () => {
    expect(end('accepted', '2026-12-31T23:00:00Z')).toBe('2034-12-31T23:00:00.000Z');
  });

  it('keeps what authorised nothing for five years', () => {
    expect(end('refused', '2026-03-04T05:06:07Z')).toBe('2031-03-04T05:06:07.000Z');
    expect(end('surplus', '2028-02-29T00:00:00Z')).toBe('2033-03-01T00:00:00.000Z');
  });
});
