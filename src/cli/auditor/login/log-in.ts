import * as oauth from 'openid-client';
import { MINUTE_MS, SECOND_MS } from '../../../kernel/clock.ts';
import { RedirectListener } from './redirect-listener.ts';

/** How long a person may take at the provider. */
const LOGGED_IN_WITHIN_MS = 10 * MINUTE_MS;
/** The service takes a login for an approval no longer than that. */
const MAX_AGE_SECONDS = (5 * MINUTE_MS) / SECOND_MS;

/** Where a person logs in, and over what. */
export interface WantedLogin {
  readonly issuer: string;
  readonly clientId: string;
  readonly nonce: string;
}

/** How the person's browser is reached. */
export interface LoginBrowser {
  /** Of the loopback redirect; 0 for any that is free. */
  readonly port: number;
  /** Shows the address, and opens it where that is wanted. */
  readonly open: (url: URL) => void;
}

/** No id_token was obtained: one sentence that says why. */
export class LoginFailed extends Error {}

/**
 * Has a person log in at the bank's provider, anew, by the code flow with PKCE.
 * @returns the id_token in its compact form, whose nonce is the wanted one
 * @throws LoginFailed
 * @see RFC 8252, OpenID Connect Core §3.1.2.1 (`prompt`, `max_age`, `nonce`)
 */
export async function logIn({ issuer, clientId, nonce }: WantedLogin, { port, open }: LoginBrowser): Promise<string> {
  const config = await asked(issuer, () =>
    oauth.discovery(new URL(issuer), clientId, undefined, oauth.None(), {
      // A bank's registration allows http on this machine alone, and outside production.
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- openid-client marks it deprecated to make it stand out
      execute: isLoopback(issuer) ? [oauth.allowInsecureRequests] : [],
    }),
  );
  const listener = await listen(port);
  try {
    const [pkceCodeVerifier, expectedState] = [oauth.randomPKCECodeVerifier(), oauth.randomState()];
    const url = oauth.buildAuthorizationUrl(config, {
      redirect_uri: listener.redirectUri,
      scope: 'openid',
      code_challenge: await oauth.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: expectedState,
      nonce,
      prompt: 'login',
      max_age: String(MAX_AGE_SECONDS),
    });
    open(url);
    const back = await listener.wait(LOGGED_IN_WITHIN_MS);
    if (!back) throw new LoginFailed('the login was not finished within ten minutes');
    const checks = { pkceCodeVerifier, expectedState, expectedNonce: nonce, maxAge: MAX_AGE_SECONDS };
    const tokens = await asked(issuer, () =>
      oauth.authorizationCodeGrant(config, back, { ...checks, idTokenExpected: true }),
    );
    return tokens.id_token ?? '';
  } finally {
    await listener.close();
  }
}

function isLoopback(issuer: string): boolean {
  const { protocol, hostname } = new URL(issuer);
  return protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

async function listen(port: number): Promise<RedirectListener> {
  try {
    return await RedirectListener.open(port);
  } catch (cause) {
    throw new LoginFailed(`port ${port} of this machine cannot be used`, { cause });
  }
}

async function asked<T>(issuer: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    throw new LoginFailed(`${issuer} ${reasonOf(cause)}`, { cause });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof oauth.AuthorizationResponseError) return `did not log in: ${error.error}`;
  if (error instanceof oauth.ResponseBodyError) return `refused the code: ${error.error}`;
  if (error instanceof oauth.ClientError) return `gave no id_token of this login: ${error.message}`;
  return 'does not answer as an OpenID provider';
}
