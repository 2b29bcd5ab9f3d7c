import { importJWK, type CryptoKey } from 'jose';
import * as oauth from 'openid-client';
import type { SandboxClient } from '../../../sandbox/clients.ts';
import { payment } from '../system/system.ts';

/** A client's private key, as openid-client takes it. */
export async function keyOf({ privateJwk }: SandboxClient): Promise<{ readonly key: CryptoKey; readonly kid: string }> {
  const { alg = '', kid = '' } = privateJwk;
  return { key: (await importJWK(privateJwk, alg)) as CryptoKey, kid };
}

/** What the OpenID Foundation's suite sends as a client, and by what it checks the answer. */
export async function suiteRequest(
  { redirectUri = '' }: SandboxClient,
  changes: Readonly<Record<string, string>> = {},
) {
  const checks = { pkceCodeVerifier: oauth.randomPKCECodeVerifier(), expectedState: oauth.randomState() };
  const parameters = {
    redirect_uri: redirectUri,
    scope: 'consents',
    state: checks.expectedState,
    code_challenge: await oauth.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    authorization_details: JSON.stringify([payment]),
    ...changes,
  };
  return { parameters, checks };
}
