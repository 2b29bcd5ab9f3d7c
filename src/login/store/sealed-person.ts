import type { LoginId } from '../../kernel/ids.ts';
import { isJsonObject } from '../../kernel/json.ts';
import { findPersonalNumber } from '../../kernel/personal-number.ts';
import type { DataKey } from '../../vault/envelope.ts';
import type { Person } from '../login.ts';

/** Kind of the seal of who identified themselves, under the login's id. */
const PERSON = 'person';

export function sealPerson(key: DataKey, loginId: LoginId, person: Person): Buffer {
  const { personalNumber, name, givenName, surname } = person;
  return key.seal(PERSON, loginId, Buffer.from(JSON.stringify({ personalNumber, name, givenName, surname }), 'utf8'));
}

/** @throws when what is stored is not what was sealed */
export function openPerson(key: DataKey, loginId: LoginId, sealed: Buffer): Person {
  const value: unknown = JSON.parse(key.open(PERSON, loginId, sealed).toString('utf8'));
  const member = (name: string): string => {
    const text = isJsonObject(value) ? value[name] : undefined;
    if (typeof text !== 'string') throw new TypeError(`the stored person of login ${loginId} has no ${name}`);
    return text;
  };
  const personalNumber = findPersonalNumber(member('personalNumber'));
  if (personalNumber === undefined) throw new TypeError(`the stored person of login ${loginId} has no personal number`);
  return { personalNumber, name: member('name'), givenName: member('givenName'), surname: member('surname') };
}
