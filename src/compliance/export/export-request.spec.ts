import { ExportRequestError, parseExportRequest, type ExportWords } from '../export-request.ts';

const words: ExportWords = { from: '2026-01-01', to: '2026-02-01', purpose: 'Revision' };
const parse = (change: Partial<ExportWords>) => parseExportRequest({ ...words, ...change }, 'operator:eva');

describe('a request for an export', () => {
  it('takes dates as their first moment in UTC, and times as they are', () => {
    expect(parse({})).toMatchObject({ from: new Date('2026-01-01T00:00:00Z'), to: new Date('2026-02-01T00:00:00Z') });
    expect(parse({ to: '2026-01-02T03:04:05.678+02:00' }).to).toEqual(new Date('2026-01-02T01:04:05.678Z'));
  });

  it.each([
    ['a day that does not exist', { from: '2026-02-30' }],
    ['a time on a day that does not exist', { to: '2026-02-30T00:00:00Z' }],
    ['a time without zone', { from: '2026-01-01T00:00:00' }],
    ['words', { to: 'yesterday' }],
    ['a period that ends before it begins', { from: '2026-03-01' }],
    ['an empty period', { to: '2026-01-01' }],
    ['no purpose', { purpose: '  ' }],
    ['a purpose of two lines', { purpose: 'a\nb' }],
    ['a purpose that goes on and on', { purpose: 'x'.repeat(201) }],
    ['a purpose with a personal number', { purpose: 'case of 19900101-2385' }],
    ['a purpose with a short personal number', { purpose: 'case of 900101-2385' }],
    ['a purpose with the number of a person over a hundred', { purpose: 'case of 121212+1212' }],
    ['a purpose with a personal number with a dash', { purpose: 'case of 900101–2385' }],
    ['a purpose with a coordination number', { purpose: 'case of 900161-2382' }],
    ['a purpose with a coordination number without month', { purpose: 'case of 150072-2390' }],
    ['a consent that is no id', { consent: '17' }],
  ])('refuses %s, and repeats nothing of it', (_, change) => {
    expect(() => parse(change)).toThrow(ExportRequestError);
    for (const word of Object.values(change).filter((value) => value.trim().length > 3)) {
      expect(() => parse(change)).not.toThrow(word);
    }
  });

  it('keeps a purpose that names a case number', () => {
    expect(parse({ purpose: ' Ärende 2026-1234567 ' }).purpose).toBe('Ärende 2026-1234567');
  });
});
