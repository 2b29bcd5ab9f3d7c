import { MessagePipe } from '../../http/message.pipe.ts';
import { needsApproval } from '../export-request.ts';
import { ExportOrderRequestDto } from './exports.dto.ts';
import { parseOrder } from './parse-order.ts';

const now = new Date('2026-12-01T10:00:00Z');
const caller = { bank: 'bank-a', requestedBy: 'auditor-a' };
const consentId = '2b8c6a52-7c2f-4a6c-9e0e-3b1c1f1f9a77';
const parse = (body: Partial<ExportOrderRequestDto>) =>
  parseOrder({ format: 'list', purpose: 'audit', ...body }, caller, now);
const periodOf = (body: Partial<ExportOrderRequestDto>): readonly string[] => {
  const { from, to } = parse(body);
  return [from.toISOString(), to.toISOString()];
};

describe('the period of an order', () => {
  it.each([
    [
      'the day that summer time begins',
      '2026-03-29',
      '2026-03-29',
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ],
    ['the day that it ends', '2026-10-25', '2026-10-25', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
    ['a month across the change', '2026-03-01', '2026-03-31', '2026-02-28T23:00:00.000Z', '2026-03-31T22:00:00.000Z'],
    ['a leap day', '2024-02-29', '2024-02-29', '2024-02-28T23:00:00.000Z', '2024-02-29T23:00:00.000Z'],
  ])('by Swedish days, both included: %s', (_, firstDay, lastDay, from, to) => {
    expect(periodOf({ firstDay, lastDay })).toEqual([from, to]);
  });

  it('by moments with their offsets', () => {
    const moments = { from: '2026-10-25T02:30:00+02:00', to: '2026-10-25T02:30:00+01:00' };
    expect(periodOf(moments)).toEqual(['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z']);
  });

  it.each<[string, Partial<ExportOrderRequestDto>, string]>([
    ['30 February', { firstDay: '2026-02-30', lastDay: '2026-03-01' }, '/firstDay'],
    ['30 February as a moment', { from: '2026-02-30T00:00:00Z', to: '2026-03-01T00:00:00Z' }, '/from'],
    ['a moment without an offset', { from: '2026-02-01T00:00:00', to: '2026-03-01T00:00:00Z' }, '/from'],
    ['a last day before the first', { firstDay: '2026-03-02', lastDay: '2026-03-01' }, '/lastDay'],
    ['an end at its beginning', { from: '2026-03-01T00:00:00Z', to: '2026-03-01T01:00:00+01:00' }, '/to'],
    ['an end before its beginning', { from: '2026-03-02T00:00:00Z', to: '2026-03-01T00:00:00Z' }, '/to'],
    ['today, which has not ended', { firstDay: '2026-12-01', lastDay: '2026-12-01' }, '/lastDay'],
    ['a moment to come', { from: '2026-03-01T00:00:00Z', to: '2026-12-01T10:00:00.001Z' }, '/to'],
    ['no end', { firstDay: '2026-03-02' }, '/lastDay'],
    ['nothing', {}, '/from'],
    ['days and moments', { firstDay: '2026-03-02', lastDay: '2026-03-02', to: '2026-03-03T00:00:00Z' }, '/to'],
    ['the year 0001', { firstDay: '0001-01-01', lastDay: '2026-03-02' }, '/firstDay'],
    ['one consent and a period', { consentId, firstDay: '2026-03-02' }, '/firstDay'],
    ['one consent and a TPP', { consentId, tpp: 'x' }, '/tpp'],
    ['one consent and a state', { consentId, states: ['signed'] }, '/states'],
    ['no state at all', { firstDay: '2026-03-02', lastDay: '2026-03-02', states: [] }, '/states'],
  ])('is refused, and the member named: %s', (_, body, pointer) => {
    expect(() => parse(body)).toThrow(expect.objectContaining({ code: 'request.malformed', pointer }) as Error);
  });
});

describe('the states of an order', () => {
  const period = { firstDay: '2026-03-01', lastDay: '2026-03-01' };
  const taken = (states: unknown) =>
    new MessagePipe().transform(
      { format: 'list', purpose: 'audit', ...period, states },
      { type: 'body', metatype: ExportOrderRequestDto },
    );

  it('may name the consents that were signed, which are all that an export has', async () => {
    await expect(taken(['signed'])).resolves.toMatchObject({ states: ['signed'] });
    expect(parse({ ...period, states: ['signed'] })).toEqual(parse(period));
  });

  it.each([[['declined']], [['signed', 'expired']], [['rejected']], [['revoked']], [['consumed']], [[null]]])(
    'are refused with those that there are, so that none is taken for exported: %j',
    async (states) => {
      await expect(taken(states)).rejects.toMatchObject({
        ...{ code: 'request.malformed', pointer: '/states' },
        detail: 'One of these is expected here: signed.',
      });
    },
  );

  it.each(['signed', { 0: 'signed' }, null])('are a list: %j', async (states) => {
    await expect(taken(states)).rejects.toMatchObject({ code: 'request.malformed', pointer: '/states' });
  });
});

describe('an order for signatures', () => {
  const days = { firstDay: '2026-03-01', lastDay: '2026-03-01' };

  it('of a period needs the approval of a second person', () => {
    expect(needsApproval(parse({ format: 'folders', ...days }))).toBe(true);
    expect(needsApproval(parse({ format: 'list', ...days }))).toBe(false);
  });

  it('of one consent, by its id, is taken without', () => {
    const order = parse({ format: 'folders', consentId });
    expect(order).toMatchObject({ ...caller, format: 'folders', consentId, to: now });
    expect(needsApproval(order)).toBe(false);
  });
});
