import { randomBytes, randomUUID } from 'node:crypto';
import { combinations, optional, RowTrial, type Cells } from '../../support/database/row-trial.ts';

const AT = new Date('2026-11-01T12:00:00Z');

let trial: RowTrial;

beforeAll(async () => {
  trial = await RowTrial.open();
});

afterAll(() => trial.close());

function order(cells: Cells): Cells {
  return {
    id: randomUUID(),
    purpose: 'payment-consent',
    order_group: 'a-consent',
    subject: 'consent:exempelbanken:a',
    kind: 'sign',
    way: 'browser',
    device: 'this',
    platform: 'ios',
    relying_party: 'default',
    relying_party_name: 'Exempelbanken',
    requested_at: AT,
    pressed_at: AT,
    ...cells,
  };
}

const PLACED = { order_ref: 'r', start_sealed: randomBytes(40), started_at: AT };
const ANSWERED = { answer_status: 'complete', answered_at: AT };
const SETTLED = { settled_at: AT, outcome: 'authorised' };

describe('a row of an order at BankID', () => {
  it('holds what its state must have: what BankID gave, when to ask, the answer, what became of it', async () => {
    const rows = combinations([
      [
        'requested',
        'refused',
        'unknown',
        'pending',
        'answer-unknown',
        'answered',
        'set-aside',
        'settled',
        'renewed',
      ].map((state) => ({ state })),
      [{}, PLACED, { ...PLACED, started_at: undefined }],
      optional('next_collect_at', AT),
      optional('answer_unknown_since', AT),
      [{}, ANSWERED, { ...ANSWERED, answered_at: undefined }],
      [{}, SETTLED, { ...SETTLED, outcome: undefined }],
    ]);
    const has = (cells: Cells, names: object): boolean => Object.keys(names).every((name) => cells[name] !== undefined);
    const isWhole = (cells: Cells): boolean => {
      const state = String(cells['state']);
      const isOpen = ['pending', 'answer-unknown'].includes(state);
      const isAnswered = ['answered', 'set-aside', 'settled', 'renewed'].includes(state);
      return (
        (!(isOpen || isAnswered) || has(cells, PLACED)) &&
        (!isOpen || cells['next_collect_at'] !== undefined) &&
        (state !== 'answer-unknown' || cells['answer_unknown_since'] !== undefined) &&
        (isAnswered ? has(cells, ANSWERED) : cells['answer_status'] === undefined) &&
        (state === 'settled') === has(cells, SETTLED)
      );
    };
    for (const cells of rows) {
      expect({ cells, kept: await trial.isKept('sign_order', order(cells)) }).toEqual({ cells, kept: isWhole(cells) });
    }
    expect(rows.filter(isWhole).length).toBeGreaterThan(9);
  });

  it.each<[string, Cells]>([
    ['a state of no order', { state: 'signed' }],
    ['a kind of no order', { kind: 'sing' }],
    ['a way of no kind', { way: 'fax' }],
    ['a device of no kind', { device: 'that' }],
    ['a device of another way', { way: 'qr' }],
    ['a phone call on the browser’s device', { way: 'phone', platform: null }],
    ['a platform in a phone call', { way: 'phone', device: 'call' }],
    ['no platform in a browser', { platform: null }],
    ['a platform of no kind', { platform: 'symbian' }],
    ['fewer than no renewals', { renewal: -1 }],
    ['fewer than no tries', { settle_tries: -1 }],
    ['an answer of no kind', { state: 'answered', ...PLACED, ...ANSWERED, answer_status: 'maybe' }],
  ])('does not have %s', async (_, cells) => {
    expect(await trial.isKept('sign_order', order({ state: 'requested' }))).toBe(true);
    expect(await trial.isKept('sign_order', order({ state: 'requested', ...cells }))).toBe(false);
  });

  it.each([
    ['browser', 'other', 'desktop', true],
    ['app', 'this', 'android', true],
    ['qr', 'other', 'desktop', true],
    ['phone', 'call', null, false],
  ])('has what starts it, reached by %s, or has none in a phone call', async (way, device, platform, isStarted) => {
    const { start_sealed, ...rest } = PLACED;
    const at = { state: 'pending', next_collect_at: AT, way, device, platform };
    expect(await trial.isKept('sign_order', order({ ...at, ...rest, start_sealed }))).toBe(isStarted);
    expect(await trial.isKept('sign_order', order({ ...at, ...rest }))).toBe(!isStarted);
  });
});
