/** Who a BankID is issued to. */
export interface Person {
  readonly personalNumber: string;
  readonly givenName: string;
  readonly surname: string;
}

/** Invented people with test numbers whose check digits are valid. */
export const people: readonly Person[] = [
  { personalNumber: '199001012385', givenName: 'Anna', surname: 'Andersson' },
  { personalNumber: '198506152399', givenName: 'Bo', surname: 'Berg' },
  { personalNumber: '197202292384', givenName: 'Cecilia', surname: 'Dahl' },
  { personalNumber: '191212121212', givenName: 'Tolvan', surname: 'Tolvansson' },
  // A coordination number: the month of birth is not known.
  { personalNumber: '191500722390', givenName: 'Sam', surname: 'Ordning' },
];

export const fullName = (person: Person): string => `${person.givenName} ${person.surname}`;

/** The person of that number: one of the invented ones, or one called as `name` says (its last word is the surname). */
export function findPerson(personalNumber: string, name: string | undefined): Person {
  const known = people.find((person) => person.personalNumber === personalNumber);
  if (known && (name === undefined || name === fullName(known))) return known;
  const words = (name ?? 'Test Testsson').trim().split(/\s+/);
  const surname = words.at(-1) ?? 'Testsson';
  return { personalNumber, givenName: words.slice(0, -1).join(' ') || surname, surname };
}
