import { importJWK, type CryptoKey } from 'jose';
import * as oauth from 'oauth4webapi';
import { Agent, fetch } from 'undici';
import type { SandboxClient, SandboxClients } from './clients.ts';
import { textOrEmpty } from './oauth-client.ts';
import type { SandboxTls } from './tls.ts';
import type { InitiationJson } from './tpp.ts';

/** The identifiers of the consents of `suite1`, `suite3` and `suite5`, which their banks may read too. */
export interface LastingConsents {
  readonly jwt: string;
  readonly mtls: string;
  readonly mtlsDpop: string;
}

export interface LastingPush {
  readonly issuer: string;
  /** The service on this machine, at the port that requests client certificates. */
  readonly url: string;
  readonly clients: SandboxClients;
  readonly tls: SandboxTls;
  readonly payment: InitiationJson;
}

/**
 * Pushes the consents that the suite reads with machine tokens. They are never signed and expire after a quarter of an hour; an
 * ended consent stays readable.
 */
export async function pushLastingConsents(facts: LastingPush): Promise<LastingConsents> {
  const { suite1, suite3, suite5, suiteBank1, suiteBank2, suiteBank3 } = facts.clients;
  const [jwt, mtls, mtlsDpop] = await Promise.all([
    push(facts, suite1, suiteBank1, await byAssertion(suite1)),
    push(facts, suite3, suiteBank2, oauth.TlsClientAuth()),
    push(facts, suite5, suiteBank3, oauth.TlsClientAuth()),
  ]);
  return { jwt, mtls, mtlsDpop };
}

async function byAssertion({ privateJwk }: SandboxClient): Promise<oauth.ClientAuth> {
  const { alg = '', kid = '' } = privateJwk;
  return oauth.PrivateKeyJwt({ key: (await importJWK(privateJwk, alg)) as CryptoKey, kid });
}

/** @throws Error when the push is refused */
async function push(
  { issuer, url, tls, payment }: LastingPush,
  tpp: SandboxClient,
  bank: SandboxClient,
  authentication: oauth.ClientAuth,
): Promise<string> {
  const server = { issuer, pushed_authorization_request_endpoint: `${url}/par` };
  const client = { client_id: tpp.id };
  const parameters = {
    response_type: 'code',
    redirect_uri: tpp.redirectUri ?? '',
    code_challenge: await oauth.calculatePKCECodeChallenge(oauth.generateRandomCodeVerifier()),
    code_challenge_method: 'S256',
    resource: bank.resource ?? '',
    authorization_details: JSON.stringify([payment]),
  };
  const { certificate: cert, key } = await tls.clientCertificate(tpp.id);
  const dispatcher = new Agent({ connect: { cert, key } });
  try {
    const answer = await oauth.pushedAuthorizationRequest(server, client, authentication, parameters, {
      [oauth.customFetch]: async (to, options) => {
        const sent: unknown = await fetch(to, { ...options, dispatcher });
        return sent as Response;
      },
    });
    const pushed = await oauth.processPushedAuthorizationResponse(server, client, answer);
    return textOrEmpty(pushed['consent_id']);
  } finally {
    await dispatcher.close();
  }
}
