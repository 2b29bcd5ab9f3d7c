import { parseAuditRequest, type AuditWords } from '../audit-request.ts';
import { ExportRequestError } from '../export-request.ts';

const consent = '3f1f3e5c-94a6-4a0b-9a53-6a2f0f7f8f10';
const from = '2026-01-01';
const to = '2026-01-02';

describe('what is asked of the audit trail', () => {
  it('is one consent, or everything, or a period of it', () => {
    expect(parseAuditRequest({ consent })).toMatchObject({ consentId: consent, bank: undefined, period: undefined });
    expect(parseAuditRequest({ bank: 'bank-a' })).toMatchObject({ consentId: undefined, bank: 'bank-a' });
    expect(parseAuditRequest({ verify: true })).toMatchObject({ consentId: undefined, period: undefined });
    const period = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2026-01-02T00:00:00Z') };
    expect(parseAuditRequest({ verify: true, from, to })).toMatchObject({ consentId: undefined, period });
  });

  it.each<[string, AuditWords]>([
    ['nothing', {}],
    ['a consent that is no id', { consent: '17' }],
    ['a consent and everything', { consent, verify: true }],
    ['a consent and a bank', { consent, bank: 'bank-a' }],
    ['a period of one bank', { bank: 'bank-a', from, to }],
    ['half a period', { verify: true, from }],
    ['a period of one consent', { consent, from, to }],
    ['a period without --verify', { from, to }],
    ['a period with a day that does not exist', { verify: true, from: '2026-02-30', to: '2026-03-03' }],
  ])('is refused as %s', (_, words) => {
    expect(() => parseAuditRequest(words)).toThrow(ExportRequestError);
  });
});
