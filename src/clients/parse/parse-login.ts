import type { JwsAlgorithm } from '../../crypto/jose/jws.ts';
import { isJsonObject } from '../../kernel/json.ts';
import { loginScopes, type Login } from '../payer-ways.ts';
import type { Faults } from './faults.ts';
import { parseFlag, parseWord, parseWords } from './parse-words.ts';

const MEMBERS: ReadonlySet<string> = new Set(['scopes', 'loginOnly', 'userinfoSignedResponseAlg']);
const algorithms = ['ES256', 'PS256', 'EdDSA'] as const satisfies readonly JwsAlgorithm[];

/**
 * `login`: which claims about a person the client may request by scope, and how it gets them.
 * @param mayPay whether the client may push payments too
 */
export function parseLogin(value: unknown, mayPay: boolean, faults: Faults): Login {
  if (!isJsonObject(value)) {
    faults.addForm('', value, 'an object with scopes');
    return { scopes: [], loginOnly: false };
  }
  faults.addUnknown(value, MEMBERS);
  const { scopes, userinfoSignedResponseAlg: algorithm } = value;
  const loginOnly = parseFlag(value['loginOnly'], faults.at('/loginOnly'));
  // A payment whose details were lost must be refused, not turned into a login.
  if (loginOnly && mayPay) faults.add('/loginOnly', 'is true for a client that may pay; only the role rp may have it');
  return {
    scopes: parseWords(scopes, loginScopes, faults.at('/scopes')),
    loginOnly,
    ...(algorithm !== undefined && {
      userinfoSignedResponseAlg: parseWord(algorithm, algorithms, faults.at('/userinfoSignedResponseAlg')),
    }),
  };
}
