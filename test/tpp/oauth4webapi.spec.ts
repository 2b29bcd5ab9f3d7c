import { createHash } from 'node:crypto';
import { importJWK, type CryptoKey } from 'jose';
import * as oauth from 'oauth4webapi';
import type { SandboxClient } from '../../sandbox/clients.ts';
import { textOrEmpty } from '../../sandbox/oauth-client.ts';
import { anna, callback, payment, TestSystem } from '../support/system/system.ts';

/** The sandbox speaks plain http on loopback, which the library rightly refuses unless told. */
// eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated by its authors to make it stand out
const http = { [oauth.allowInsecureRequests]: true };

/** A party written with oauth4webapi: strict, certified, and not ours. */
interface Party {
  readonly client: oauth.Client;
  readonly authentication: oauth.ClientAuth;
  readonly dpop: oauth.DPoPHandle;
}

let world: TestSystem;
let server: oauth.AuthorizationServer;
let tpp: Party;
let bank: Party;

beforeAll(async () => {
  world = await TestSystem.start();
  const issuer = new URL(world.system.issuer);
  const found = await oauth.discoveryRequest(issuer, { ...http, algorithm: 'oauth2' });
  server = await oauth.processDiscoveryResponse(issuer, found);
  tpp = await party(world.system.clients.tpp);
  bank = await party(world.system.clients.bank);
}, 60_000);
afterAll(() => world.stop());

async function party({ id, privateJwk }: SandboxClient): Promise<Party> {
  const key = (await importJWK(privateJwk, 'ES256')) as CryptoKey;
  const client: oauth.Client = { client_id: id };
  const authentication = oauth.PrivateKeyJwt({ key, kid: privateJwk.kid ?? '' });
  return { client, authentication, dpop: oauth.DPoP(client, await oauth.generateKeyPair('ES256')) };
}

/** A code by the whole protocol: pushed, signed by the payer, brought back by the browser. */
async function code(): Promise<{ readonly parameters: URLSearchParams; readonly verifier: string }> {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const form = new URLSearchParams({
    response_type: 'code',
    redirect_uri: callback,
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    resource: world.bank.party.client.resource ?? '',
    authorization_details: JSON.stringify([payment]),
  });
  const { client, authentication, dpop } = tpp;
  const response = await oauth.pushedAuthorizationRequest(server, client, authentication, form, {
    ...http,
    DPoP: dpop,
  });
  const pushed = await oauth.processPushedAuthorizationResponse(server, client, response);
  const authorizationUrl = new URL(server.authorization_endpoint ?? '');
  authorizationUrl.searchParams.set('client_id', client.client_id);
  authorizationUrl.searchParams.set('request_uri', pushed.request_uri);
  const { browser, orderId } = await world.openInApp({ authorizationUrl, codeVerifier: verifier, state });
  await browser.get((await world.app.sign(orderId)).returnUrl ?? '');
  await browser.waitFor('authorised');
  return { parameters: oauth.validateAuthResponse(server, client, await browser.finish(), state), verifier };
}

describe('a TPP and a bank written with oauth4webapi', () => {
  it('find all that they need in the metadata', () => {
    expect(server).toMatchObject({
      issuer: world.system.issuer,
      require_pushed_authorization_requests: true,
      authorization_response_iss_parameter_supported: true,
      code_challenge_methods_supported: ['S256'],
      authorization_details_types_supported: ['payment_initiation'],
    });
    for (const endpoint of ['introspection_endpoint', 'revocation_endpoint', 'jwks_uri'] as const) {
      expect(server[endpoint]).toMatch(new RegExp(`^${world.system.issuer}/`));
    }
  });

  it('complete a payment: push, code, token, introspection, revocation', async () => {
    const { parameters, verifier } = await code();
    const { client, authentication, dpop } = tpp;
    const granted = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      authentication,
      parameters,
      callback,
      verifier,
      { ...http, DPoP: dpop },
    );
    const token = await oauth.processAuthorizationCodeResponse(server, client, granted);
    expect(token).toMatchObject({ token_type: 'dpop', authorization_details: [{ creditorName: 'Exempelbutiken AB' }] });

    const introspect = async (): Promise<oauth.IntrospectionResponse> => {
      const answer = await oauth.introspectionRequest(
        server,
        bank.client,
        bank.authentication,
        token.access_token,
        http,
      );
      return oauth.processIntrospectionResponse(server, bank.client, answer);
    };
    const jkt = await dpop.calculateThumbprint();
    expect(await introspect()).toMatchObject({ active: true, cnf: { jkt }, client_id: client.client_id });

    const consentId = textOrEmpty(token['consent_id']);
    const url = new URL(`/consents/${consentId}`, world.system.issuer);
    const read = await oauth.protectedResourceRequest(token.access_token, 'GET', url, undefined, undefined, {
      ...http,
      DPoP: dpop,
    });
    expect(await read.json()).toMatchObject({ consentId, state: 'authorised' });

    const revoked = await oauth.revocationRequest(server, client, authentication, token.access_token, http);
    await oauth.processRevocationResponse(revoked);
    expect(await introspect()).toEqual({ active: false });
  });

  it('let the bank consume with a token of its own', async () => {
    const { parameters, verifier } = await code();
    const granted = await oauth.authorizationCodeGrantRequest(
      server,
      tpp.client,
      tpp.authentication,
      parameters,
      callback,
      verifier,
      { ...http, DPoP: tpp.dpop },
    );
    const token = await oauth.processAuthorizationCodeResponse(server, tpp.client, granted);
    const asked = await oauth.clientCredentialsGrantRequest(
      server,
      bank.client,
      bank.authentication,
      { scope: 'consume' },
      { ...http, DPoP: bank.dpop },
    );
    const machine = await oauth.processClientCredentialsResponse(server, bank.client, asked);
    const body = JSON.stringify({
      accessTokenSha256: createHash('sha256').update(token.access_token).digest('base64url'),
      payment,
      payer: { personalNumber: anna },
      paymentReference: 'oauth4webapi',
    });
    const url = new URL(`/consents/${textOrEmpty(token['consent_id'])}/consume`, world.system.issuer);
    const headers = new Headers({ 'content-type': 'application/json' });
    const consumed = await oauth.protectedResourceRequest(machine.access_token, 'POST', url, headers, body, {
      ...http,
      DPoP: bank.dpop,
    });
    expect([consumed.status, await consumed.json()]).toMatchObject([200, { state: 'consumed' }]);
  });

  it('reads our refusals as the errors that they are', async () => {
    const form = new URLSearchParams({ response_type: 'code', redirect_uri: callback, authorization_details: '[]' });
    const { client, authentication } = tpp;
    const response = await oauth.pushedAuthorizationRequest(server, client, authentication, form, http);
    await expect(oauth.processPushedAuthorizationResponse(server, client, response)).rejects.toMatchObject({
      name: 'ResponseBodyError',
      error: 'invalid_request',
      status: 400,
    });
  });
});
