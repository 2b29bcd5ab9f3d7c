import { findPersonalNumber } from '../../src/kernel/personal-number.ts';
import { findPerson, people } from './people.ts';

describe('the invented people', () => {
  it.each(people.map((person) => [person.personalNumber]))(
    'have a personal number with a valid check digit: %s',
    (number) => {
      expect(findPersonalNumber(number)).toBe(number);
    },
  );

  it('are found by number, and any other person has the name that was asked for', () => {
    expect(findPerson('198506152399', undefined).surname).toBe('Berg');
    expect(findPerson('197202292384', 'Eva Maria Ek')).toMatchObject({ givenName: 'Eva Maria', surname: 'Ek' });
  });
});
