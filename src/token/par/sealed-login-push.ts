import type { DataKey } from '../../vault/envelope.ts';
import type { LoginRequestRow } from './login-request.repository.ts';

const KIND = 'login-request';

/** What a client pushed, and the login that it was pushed for. */
export type PushedLogin = Pick<
  LoginRequestRow,
  'loginId' | 'clientId' | 'requestUriHash' | 'redirectUri' | 'state' | 'codeChallenge' | 'dpopJkt'
>;

/** What was pushed, sealed for its login, so that neither can be exchanged in the row. @param key of the login */
export function sealPushedLogin(key: DataKey, pushed: PushedLogin): Buffer {
  return key.seal(KIND, pushed.loginId, textOf(pushed));
}

/** Whether exactly this was pushed for the login. @param key of the login */
export function isPushedLogin(key: DataKey, pushed: PushedLogin, sealed: Buffer): boolean {
  try {
    return key.open(KIND, pushed.loginId, sealed).equals(textOf(pushed));
  } catch {
    return false;
  }
}

function textOf({ clientId, requestUriHash, redirectUri, state, codeChallenge, dpopJkt }: PushedLogin): Buffer {
  const facts = [clientId, requestUriHash.toString('base64url'), redirectUri, state ?? null, codeChallenge];
  return Buffer.from(JSON.stringify([...facts, dpopJkt ?? null]), 'utf8');
}
