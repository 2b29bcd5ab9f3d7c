import { scopesOfRole } from '../../clients/clients.ts';
import { loginScopes } from '../../clients/payer-ways.ts';

/** The form of parameters, for the checks and for the description of the API. */

/** RFC 6749 appendix A.5: printable ASCII, which is returned unchanged. */
export const STATE = /^[\x20-\x7E]{1,1024}$/;
export const NONCE = /^[\x20-\x7E]{1,1024}$/;
/** RFC 7636 §4.2: the SHA-256 of the verifier; RFC 7638 §3.1: of a key. */
export const SHA256 = /^[A-Za-z0-9_-]{43}$/;
/** RFC 7636 §4.1 */
export const CODE_VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;
/** The check digit is verified separately. */
export const LOGIN_HINT = /^personnummer:(?:18|19|20)\d{10}$/;
export const MAX_AGE = /^\d{1,15}$/;
/** draft-ietf-httpapi-idempotency-key-header §2.1 */
export const IDEMPOTENCY_KEY = /^[\x21-\x7E]{1,40}$/;
export const MAX_REDIRECT_URI = 2000;
/** For values that are only looked up: any text. */
export const SOME_TEXT = /./;

/** Both happen in every consent: the payer identifies with BankID and consents to the payment. */
export const PROMPT = listOf(['login', 'consent']);
/** `openid` requests an id_token, `consents` names what the token gives access to anyway; the others ask for a login. */
export const PUSHED_SCOPE = listOf(['openid', 'consents', ...loginScopes.map((scope) => scope.replaceAll('.', '\\.'))]);
/** For machine tokens; which of them a client may request depends on its role. */
export const MACHINE_SCOPE = listOf([...new Set(Object.values(scopesOfRole).flat())]);

/** Some of these words, separated by a space. */
function listOf(words: readonly string[]): RegExp {
  const word = `(?:${words.join('|')})`;
  return new RegExp(`^${word}(?: ${word})*$`);
}
