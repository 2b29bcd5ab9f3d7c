import { join } from 'node:path';
import * as oauth from 'openid-client';
import { PayerBrowser } from '../../sandbox/payer-browser.ts';
import { AutoSigner } from '../../sandbox/auto-signer.ts';
import { suiteClients } from '../../sandbox/clients.ts';
import { SandboxTls } from '../../sandbox/tls.ts';
import { discoverWith, fetchWith } from '../support/certificate-tpp.ts';
import { payment, TestSystem } from '../support/system.ts';

let system: TestSystem;
let signer: AutoSigner;
beforeAll(async () => {
  system = await TestSystem.start({ tls: true });
  signer = new AutoSigner(system.app, suiteClients);
  signer.start();
});
afterAll(async () => {
  signer.stop();
  await system.stop();
});

it('a test suite completes a payment without a person, and reads it at an address that is known beforehand', async () => {
  const tls = await SandboxTls.open(join(system.folder, 'service'));
  const certificate = await tls.clientCertificate('suite-mtls-1');
  const config = await discoverWith(system.system.issuer, 'suite-mtls-1', certificate);
  const codeVerifier = oauth.randomPKCECodeVerifier();
  const url = await oauth.buildAuthorizationUrlWithPAR(config, {
    redirect_uri: system.system.clients.suite3.redirectUri ?? '',
    code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    authorization_details: JSON.stringify([payment]),
  });
  const browser = new PayerBrowser();
  await browser.open(url);
  await browser.post(`${browser.interactionPath}/start/other`);
  await browser.waitFor('authorised');
  const returned = await browser.finish();
  const token = await oauth.authorizationCodeGrant(config, returned, { pkceCodeVerifier: codeVerifier });
  const alias = config.serverMetadata().mtls_endpoint_aliases?.token_endpoint ?? '';
  const answer = await fetchWith(certificate)(new URL('/consent', alias).href, {
    method: 'GET',
    headers: { authorization: `Bearer ${token.access_token}` },
  } as unknown as oauth.CustomFetchOptions);
  expect(answer.status).toBe(200);
  expect(((await answer.json()) as { consentId?: string }).consentId).toBe(token['consent_id']);
});
