import {
  databaseErrorOf,
  DatabaseUnavailableError,
  DatabaseBusyError,
  violatesUniqueIndex,
} from './database-errors.ts';
import { toDomainError } from '../http/problems.ts';

const coded = (code: string): Error => Object.assign(new Error('refused'), { code });

describe('an error of the database', () => {
  it.each(['08006', '57P01', '57P03', 'ECONNREFUSED', 'ECONNRESET'])('%s says that it is unavailable', (code) => {
    expect(databaseErrorOf(coded(code))).toBeInstanceOf(DatabaseUnavailableError);
  });

  it.each([
    ['a lock that did not come free', coded('55P03')],
    ['a statement that took too long', coded('57014')],
    ['another transaction in the way', coded('40001')],
    ['a deadlock', coded('40P01')],
    ['too many connections', coded('53300')],
    ['a connection that did not come free', new Error('timeout exceeded when trying to connect')],
  ])('says of %s that it is busy', (_what, error) => {
    expect(databaseErrorOf(error)).toBeInstanceOf(DatabaseBusyError);
  });

  it.each(['23505', '23514', '42P01', '42501', '0A000'])(
    '%s stays what it is: a bug, or one that is expected',
    (code) => {
      expect(databaseErrorOf(coded(code))).toMatchObject({ code });
    },
  );

  it('lets the caller come back later where it is unavailable or busy, and only there', () => {
    const codes = [coded('08006'), coded('55P03'), coded('23505')].map(
      (error) => toDomainError(databaseErrorOf(error))?.code,
    );
    expect(codes).toEqual(['service.unavailable', 'service.unavailable', undefined]);
  });

  it('is of a unique index only with its code and by its name', () => {
    const violated = (code: string): Error => Object.assign(coded(code), { constraint: 'one_of_a_kind' });
    expect(violatesUniqueIndex(violated('23505'), 'one_of_a_kind')).toBe(true);
    expect(violatesUniqueIndex(violated('23505'), 'another')).toBe(false);
    expect(violatesUniqueIndex(violated('23514'), 'one_of_a_kind')).toBe(false);
    expect(violatesUniqueIndex(undefined, 'one_of_a_kind')).toBe(false);
  });
});
