import { countingStatements, countStatement, type StatementCount } from './statement-count.ts';

function counted(...sent: Parameters<typeof countStatement>[]): StatementCount {
  const count = { statements: 0, commits: 0 };
  countingStatements(count, () => sent.forEach((statement) => countStatement(...statement)));
  return count;
}

describe('the count of statements', () => {
  it('is of everything that is sent, and of commits as PostgreSQL makes them', () => {
    const insert = 'insert into a (b) values ($1)';
    expect(counted(['BEGIN', 'in-transaction'], [insert, 'in-transaction'], ['COMMIT', 'in-transaction'])).toEqual({
      statements: 3,
      commits: 1,
    });
    expect(counted(['BEGIN', 'in-transaction'], [insert, 'in-transaction'], ['ROLLBACK', 'in-transaction'])).toEqual({
      statements: 3,
      commits: 0,
    });
    expect(counted([insert, 'alone'], [`with x as (${insert}) select 1`, 'alone'])).toEqual({
      statements: 2,
      commits: 2,
    });
    expect(counted(['update a set b = 1', 'alone'], ['update a c set b = 1', 'alone'])).toMatchObject({ commits: 2 });
    expect(counted(['select b from a', 'alone'], ['select b from a for no key update of a', 'alone'])).toEqual({
      statements: 2,
      commits: 0,
    });
  });
});
