import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as oauth from 'openid-client';
import { AutoSigner } from '../../sandbox/auto-signer.ts';
import { suiteClients, type SandboxClient } from '../../sandbox/clients.ts';
import { browserOverrides, signingBrowser, writeSuiteConfigurations, type BrowserScript } from '../../sandbox/suite.ts';
import { SandboxTls } from '../../sandbox/tls.ts';
import { discoverWith, fetchWith } from '../support/parties/certificate-tpp.ts';
import { keyOf, suiteRequest } from '../support/parties/suite-client.ts';
import { isLike, ScriptedBrowser } from '../support/browser/scripted-browser.ts';
import { TestSystem } from '../support/system/system.ts';

const INTERACTION = '6ba7b810-9dad-41d1-80b4-00c04fd430c8';

let system: TestSystem;
let signer: AutoSigner;
let tls: SandboxTls;
let issuer: string;
beforeAll(async () => {
  system = await TestSystem.start({ tls: true });
  ({ issuer } = system.system);
  tls = await SandboxTls.open(join(system.folder, 'service'));
  signer = new AutoSigner(system.app, suiteClients);
  signer.start();
});
afterAll(async () => {
  signer.stop();
  await system.stop();
});

interface Pushed {
  readonly url: URL;
  readonly pkceCodeVerifier: string;
  readonly expectedState: string;
  readonly expectedNonce?: string;
}

async function push(config: oauth.Configuration, client: SandboxClient, changes = {}, more = {}): Promise<Pushed> {
  const { parameters, checks } = await suiteRequest(client, changes);
  return { url: await oauth.buildAuthorizationUrlWithPAR(config, parameters, more), ...checks };
}

async function byAssertion(client: SandboxClient, algorithm: 'oauth2' | 'oidc' = 'oauth2') {
  const authentication = oauth.PrivateKeyJwt(await keyOf(client));
  const config = await oauth.discovery(new URL(issuer), client.id, undefined, authentication, { algorithm });
  return { config, DPoP: oauth.getDPoPHandle(config, await oauth.randomDPoPKeyPair(client.privateJwk.alg)) };
}

function withQuery({ redirectUri = '' }: SandboxClient): string {
  return `${redirectUri}?dummy1=lorem&dummy2=ipsum`;
}

function browse(
  url: URL,
  scripts: readonly BrowserScript[] = [signingBrowser(issuer)],
): Promise<{ readonly url: URL }> {
  return new ScriptedBrowser(scripts, issuer).visit(url);
}

describe('the suite’s browser', () => {
  it('takes no page of ours for the end of a test, though the address of a refusal names the callback', () => {
    const refusal = `${issuer}/authorize?client_id=x&redirect_uri=https://localhost.emobix.co.uk:8443/test/a/sigill/callback`;
    const [end] = signingBrowser(issuer).tasks.slice(-1);
    expect([isLike(end!.match, refusal), isLike(end!.match, suite1Callback())]).toEqual([false, true]);
  });
});

const suite1Callback = (): string => system.system.clients.suite1.redirectUri ?? '';

describe('the suite completes a payment without a person, by plain forms, and reads it:', () => {
  it.each(['oauth2', 'oidc'] as const)('private_key_jwt and DPoP, %s', async (algorithm) => {
    const client = system.system.clients.suite1;
    const { config, DPoP } = await byAssertion(client, algorithm);
    const expectedNonce = 'n'.repeat(43);
    const openid = algorithm === 'oidc' ? { scope: 'openid consents', nonce: expectedNonce } : {};
    const { url, ...checks } = await push(config, client, openid, { DPoP });
    const { url: returned } = await browse(url);
    const expected = algorithm === 'oidc' ? { ...checks, expectedNonce } : checks;
    const token = await oauth.authorizationCodeGrant(config, returned, expected, undefined, { DPoP });
    expect(token.claims() === undefined).toBe(algorithm === 'oauth2');
    const headers = new Headers({ 'x-fapi-interaction-id': INTERACTION, accept: 'application/json;charset=UTF-8' });
    const resource = new URL('/consent', issuer);
    const answer = await oauth.fetchProtectedResource(config, token.access_token, resource, 'GET', null, headers, {
      DPoP,
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-fapi-interaction-id')).toBe(INTERACTION);
    expect(answer.headers.get('date')).toMatch(/ GMT$/);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await answer.json()).toMatchObject({ consentId: token['consent_id'], state: 'authorised' });
  });

  it('with a query in the callback of the second client', async () => {
    const client = system.system.clients.suite2;
    const { config, DPoP } = await byAssertion(client);
    const redirect_uri = withQuery(client);
    const { url, pkceCodeVerifier, expectedState } = await push(config, client, { redirect_uri }, { DPoP });
    const { url: returned } = await browse(url);
    const code = returned.searchParams.get('code') ?? '';
    expect(Object.fromEntries(returned.searchParams)).toEqual({
      dummy1: 'lorem',
      dummy2: 'ipsum',
      code,
      state: expectedState,
      iss: issuer,
    });
    const form = { code, redirect_uri, code_verifier: pkceCodeVerifier };
    const token = await oauth.genericGrantRequest(config, 'authorization_code', form, { DPoP });
    expect(token.token_type).toBe('dpop');
  });

  it('tls_client_auth and certificate-bound tokens', async () => {
    const client = system.system.clients.suite3;
    const certificate = await tls.clientCertificate(client.id);
    const config = await discoverWith(issuer, client.id, certificate);
    const { url, ...checks } = await push(config, client);
    const { url: returned } = await browse(url);
    const token = await oauth.authorizationCodeGrant(config, returned, checks);
    const alias = config.serverMetadata().mtls_endpoint_aliases?.token_endpoint ?? '';
    const answer = await fetchWith(certificate)(new URL('/consent', alias).href, {
      method: 'GET',
      headers: { authorization: `Bearer ${token.access_token}` },
    } as unknown as oauth.CustomFetchOptions);
    expect(answer.status).toBe(200);
    expect(((await answer.json()) as { consentId?: string }).consentId).toBe(token['consent_id']);
  });
});

describe('a client that is registered for DPoP alone', () => {
  it('shows a certificate to authenticate, and gets no token for it: only with a proof, which needs no certificate', async () => {
    const client = system.system.clients.suite5;
    const certificate = await tls.clientCertificate(client.id);
    const config = await discoverWith(issuer, client.id, certificate);
    const { url, ...checks } = await push(config, client);
    const { url: returned } = await browse(url);
    const refused = oauth.authorizationCodeGrant(config, returned, checks);
    await expect(refused).rejects.toMatchObject({ status: 400, error: 'invalid_request' });
    const DPoP = oauth.getDPoPHandle(config, await oauth.randomDPoPKeyPair());
    const token = await oauth.authorizationCodeGrant(config, returned, checks, undefined, { DPoP });
    expect(token.token_type).toBe('dpop');
    const resource = new URL('/consent', issuer);
    const { config: bare } = await byAssertion(client);
    const answer = await oauth.fetchProtectedResource(bare, token.access_token, resource, 'GET', null, undefined, {
      DPoP,
    });
    expect(answer.status).toBe(200);
  });
});

describe('the suite’s other browsers', () => {
  const overrides = (): readonly (readonly BrowserScript[])[] =>
    Object.values(browserOverrides(issuer)).map(({ browser }) => browser);

  it('decline, and come back with access_denied', async () => {
    const client = system.system.clients.suite2;
    const { config, DPoP } = await byAssertion(client);
    const { url, expectedState } = await push(config, client, { redirect_uri: withQuery(client) }, { DPoP });
    const { url: returned } = await browse(url, overrides()[0]);
    expect(Object.fromEntries(returned.searchParams)).toEqual({
      dummy1: 'lorem',
      dummy2: 'ipsum',
      error: 'access_denied',
      error_description: 'declined',
      state: expectedState,
      iss: issuer,
    });
  });

  it('look first and sign at the second visit; the third is shown why not', async () => {
    const client = system.system.clients.suite1;
    const { config, DPoP } = await byAssertion(client);
    const { url } = await push(config, client, {}, { DPoP });
    const [, scripts = []] = overrides();
    const browser = new ScriptedBrowser(scripts, issuer);
    expect((await browser.visit(url)).url.pathname).toMatch(/^\/pay\/[\w-]{22}$/);
    browser.forgetCookies();
    expect((await browser.visit(url)).url.searchParams.has('code')).toBe(true);
    const refused = await new ScriptedBrowser(scripts.slice(1), issuer).visit(url);
    expect([refused.status, refused.url.pathname]).toEqual([400, '/authorize']);
    expect(refused.body).toContain('id="notice"');
  });
});

describe('what is entered into the suite', () => {
  it('is written by the sandbox for each variant, complete with keys and scripts', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sigill-suite-'));
    try {
      const mtlsUrl = 'https://sigill.test:3443';
      const consents = { jwt: 'one', mtls: 'two', mtlsDpop: 'three' };
      const { clients } = system.system;
      const approvalUrl = 'http://sigill.test:3006/';
      const paths = await writeSuiteConfigurations(folder, { issuer, mtlsUrl, clients, consents, approvalUrl });
      expect(paths.map((path) => path.slice(folder.length + 1))).toEqual([
        'suite-private_key_jwt-dpop-plain_oauth.json',
        'suite-private_key_jwt-dpop-openid_connect.json',
        'suite-private_key_jwt-mtls-plain_oauth.json',
        'suite-private_key_jwt-mtls-openid_connect.json',
        'suite-mtls-dpop-plain_oauth.json',
        'suite-mtls-dpop-openid_connect.json',
        'suite-mtls-mtls-plain_oauth.json',
        'suite-mtls-mtls-openid_connect.json',
        'suite-signed-private_key_jwt-dpop-plain_oauth.json',
        'suite-signed-private_key_jwt-dpop-openid_connect.json',
        'suite-signed-private_key_jwt-mtls-plain_oauth.json',
        'suite-signed-private_key_jwt-mtls-openid_connect.json',
        'suite-signed-mtls-dpop-plain_oauth.json',
        'suite-signed-mtls-dpop-openid_connect.json',
        'suite-signed-mtls-mtls-plain_oauth.json',
        'suite-signed-mtls-mtls-openid_connect.json',
        'suite-client_credentials-private_key_jwt-dpop.json',
        'suite-client_credentials-private_key_jwt-mtls.json',
        'suite-client_credentials-mtls-dpop.json',
        'suite-client_credentials-mtls-mtls.json',
        'suite-ciba-private_key_jwt-poll.json',
        'suite-ciba-private_key_jwt-ping.json',
        'suite-ciba-mtls-poll.json',
        'suite-ciba-mtls-ping.json',
      ]);
      const [jwt, , bound, , dpop, , , mtls] = paths.map((path) => JSON.parse(readFileSync(path, 'utf8')) as object);
      const rsa = { kty: 'RSA', alg: 'PS256', d: expect.any(String), kid: 'sandbox-suite-jwt-1' };
      const ec = { kty: 'EC', crv: 'P-256', alg: 'ES256', d: expect.any(String), kid: 'sandbox-suite-jwt-2' };
      expect(jwt).toMatchObject({
        server: { discoveryUrl: `${issuer}/.well-known/oauth-authorization-server` },
        client: { client_id: 'suite-jwt-1', scope: 'consents', jwks: { keys: [rsa] }, dpop_signing_alg: 'PS256' },
        client2: { client_id: 'suite-jwt-2', jwks: { keys: [ec] }, dpop_signing_alg: 'ES256' },
        resource: { resourceUrl: `${issuer}/consent` },
        browser: [signingBrowser(issuer)],
        override: browserOverrides(issuer),
      });
      const pem = { cert: expect.stringContaining('BEGIN CERTIFICATE'), key: expect.stringContaining('BEGIN PRIVATE') };
      expect(bound).toMatchObject({
        client: { client_id: 'suite-jwt-1' },
        mtls: pem,
        resource: { resourceUrl: `${mtlsUrl}/consent` },
      });
      expect(dpop).toMatchObject({
        client: { client_id: 'suite-mtls-dpop-1' },
        client2: { client_id: 'suite-mtls-dpop-2' },
        resource: { resourceUrl: `${issuer}/consent` },
      });
      expect(mtls).toMatchObject({
        server: { discoveryUrl: `${issuer}/.well-known/openid-configuration` },
        client: { client_id: 'suite-mtls-1', scope: 'openid consents' },
        mtls: pem,
        mtls2: pem,
        resource: { resourceUrl: `${mtlsUrl}/consent` },
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is the script of docs/conformance.md', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/conformance.md'), 'utf8');
    const [browser, override] = [...page.matchAll(/```json\n(.*?)```/gs)].map(
      ([, json = '']) => JSON.parse(json) as unknown,
    );
    expect(browser).toEqual([signingBrowser('https://sigill.test:3000')]);
    expect(override).toEqual(browserOverrides('https://sigill.test:3000'));
  });
});
