import type { JwsAlgorithm } from '../../crypto/jose/jws.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import { loginScopes, type Login } from '../payer-ways.ts';
import type { Faults } from './faults.ts';
import { parseWords } from './parse-words.ts';

const MEMBERS: ReadonlySet<string> = new Set(['scopes', 'loginOnly', 'userinfoSignedResponseAlg']);
const algorithms: readonly unknown[] = ['ES256', 'PS256', 'EdDSA'] satisfies readonly JwsAlgorithm[];

/**
 * `login`: which claims about a person the client may request by scope, and how it gets them.
 * @param mayPay whether the client may push payments too
 */
export function parseLogin(value: unknown, mayPay: boolean, faults: Faults): Login {
  if (!isJsonObject(value)) {
    faults.add('', 'is not an object');
    return { scopes: [], loginOnly: false };
  }
  faults.addUnknown(value, MEMBERS);
  const { scopes, loginOnly } = value;
  if (loginOnly !== undefined && typeof loginOnly !== 'boolean') faults.add('/loginOnly', 'is not true or false');
  // A payment whose details were lost must be refused, not turned into a login.
  if (loginOnly === true && mayPay) faults.add('/loginOnly', 'belongs to the role rp');
  return {
    scopes: parseWords(scopes, loginScopes, faults.at('/scopes')),
    loginOnly: loginOnly === true,
    ...parseAlgorithm(value, faults),
  };
}

function parseAlgorithm(
  { userinfoSignedResponseAlg: value }: JsonObject,
  faults: Faults,
): Pick<Login, 'userinfoSignedResponseAlg'> {
  if (value === undefined) return {};
  if (!algorithms.includes(value)) faults.add('/userinfoSignedResponseAlg', `is none of ${algorithms.join(', ')}`);
  return { userinfoSignedResponseAlg: value as JwsAlgorithm };
}
