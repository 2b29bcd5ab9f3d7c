import type { LoginId } from '../../kernel/ids.ts';
import { findPersonalNumber, type PersonalNumber } from '../../kernel/personal-number.ts';
import type { DataKey } from '../../vault/envelope.ts';

/** Kind of the seal of the person whom the client named, under the login's id. */
export const LOGIN_HINT = 'login-hint';

/** The person whom the client named. @throws when what is stored is not what was sealed */
export function openPerson(key: DataKey, loginId: LoginId, sealed: Buffer): PersonalNumber {
  const person = findPersonalNumber(key.open(LOGIN_HINT, loginId, sealed).toString('utf8'));
  if (person === undefined) throw new TypeError(`the stored hint of login ${loginId} is not a personal number`);
  return person;
}
