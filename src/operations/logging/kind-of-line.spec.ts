import { describeError } from '../describe-error.ts';
import { kindOfLine } from './kind-of-line.ts';

const unavailable = describeError(new Error('the database cannot be reached'));

describe('lines of the log', () => {
  it.each([
    [
      'of two orders with the same trouble',
      `order ${crypto.randomUUID()} failed`,
      `order ${crypto.randomUUID()} failed`,
    ],
    ['with other counts', '3 requested orders are given up', '17 requested orders are given up'],
  ])('%s are of one kind', (_what, one, other) => {
    expect(kindOfLine([{ context: 'settler', message: one, error: unavailable }])).toBe(
      kindOfLine([{ context: 'settler', message: other, error: unavailable }]),
    );
  });

  it('with another error, another text or of another writer are of another kind', () => {
    const kinds = [
      kindOfLine([{ context: 'settler', msg: 'failed', err: unavailable }]),
      kindOfLine([{ context: 'settler', msg: 'failed', err: describeError(new TypeError('no row')) }]),
      kindOfLine([{ context: 'settler', err: unavailable }, 'given up']),
      kindOfLine([{ context: 'collector', msg: 'failed', err: unavailable }]),
      kindOfLine(['failed']),
    ];
    expect(new Set(kinds).size).toBe(kinds.length);
  });
});
