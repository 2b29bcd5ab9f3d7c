import { describeError } from '../describe-error.ts';
import { kindOfLine } from './kind-of-line.ts';

const away = describeError(new Error('the database is away'));

describe('lines of the log', () => {
  it.each([
    [
      'of two orders with the same trouble',
      `order ${crypto.randomUUID()} failed`,
      `order ${crypto.randomUUID()} failed`,
    ],
    ['with other counts', '3 requested orders are given up', '17 requested orders are given up'],
  ])('%s are of one kind', (_what, one, other) => {
    expect(kindOfLine([{ context: 'settler', message: one, error: away }])).toBe(
      kindOfLine([{ context: 'settler', message: other, error: away }]),
    );
  });

  it('with another error, another text or of another writer are of another kind', () => {
    const kinds = [
      kindOfLine([{ context: 'settler', msg: 'failed', err: away }]),
      kindOfLine([{ context: 'settler', msg: 'failed', err: describeError(new TypeError('no row')) }]),
      kindOfLine([{ context: 'settler', err: away }, 'given up']),
      kindOfLine([{ context: 'collector', msg: 'failed', err: away }]),
      kindOfLine(['failed']),
    ];
    expect(new Set(kinds).size).toBe(kinds.length);
  });
});
