import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importJWK, type CryptoKey } from 'jose';
import * as oauth from 'openid-client';
import { AutoSigner } from '../../sandbox/auto-signer.ts';
import { suiteClients, type SandboxClient, type SandboxClients } from '../../sandbox/clients.ts';
import { signingBrowser, writeSuiteConfigurations } from '../../sandbox/suite.ts';
import { SandboxTls } from '../../sandbox/tls.ts';
import { ScriptedBrowser } from '../support/browser/scripted-browser.ts';
import { discoverWith } from '../support/parties/certificate-tpp.ts';
import type { RawAnswer } from '../support/parties/exchange.ts';
import { RawClient, type Spoilt } from '../support/parties/raw-client.ts';
import { keyOf, suiteRequest } from '../support/parties/suite-client.ts';
import { TestSystem } from '../support/system/system.ts';
import { ObjectSigner } from '../support/token/object-signer.ts';

const MINUTE = 60;

let system: TestSystem;
let signer: AutoSigner;
let issuer: string;
let clients: SandboxClients;
beforeAll(async () => {
  system = await TestSystem.start({ tls: true });
  ({ issuer, clients } = system.system);
  signer = new AutoSigner(system.app, suiteClients);
  signer.start();
});
afterAll(async () => {
  signer.stop();
  await system.stop();
});

type SuiteClient = 'signingSuite1' | 'signingSuite2' | 'signingSuite3' | 'signingSuite5';

async function byAssertion(client: SandboxClient): Promise<oauth.Configuration> {
  const authentication = oauth.PrivateKeyJwt(await keyOf(client));
  return oauth.discovery(new URL(issuer), client.id, undefined, authentication, { algorithm: 'oauth2' });
}

async function byCertificate(client: SandboxClient): Promise<oauth.Configuration> {
  const tls = await SandboxTls.open(join(system.folder, 'service'));
  return discoverWith(issuer, client.id, await tls.clientCertificate(client.id));
}

/** Pushes a signed request, has the suite's browser answer it, and redeems the code. */
async function pay(config: oauth.Configuration, client: SandboxClient, DPoP?: oauth.DPoPHandle) {
  const proof = DPoP ? { DPoP } : {};
  const { parameters, checks } = await suiteRequest(client);
  const unsigned = oauth.buildAuthorizationUrlWithPAR(config, parameters, proof);
  await expect(unsigned).rejects.toMatchObject({ status: 400, error: 'invalid_request' });
  const signed = await oauth.buildAuthorizationUrlWithJAR(config, parameters, await keyOf(client));
  const request = signed.searchParams.get('request') ?? '';
  const url = await oauth.buildAuthorizationUrlWithPAR(config, { request }, proof);
  const { url: returned } = await new ScriptedBrowser([signingBrowser(issuer)], issuer).visit(url);
  return oauth.authorizationCodeGrant(config, returned, checks, undefined, proof);
}

describe('a client of the suite that must sign completes a payment only by a signed request:', () => {
  it.each<readonly [string, SuiteClient, string]>([
    ['private_key_jwt and DPoP, PS256', 'signingSuite1', 'PS256'],
    ['private_key_jwt and DPoP, ES256', 'signingSuite2', 'ES256'],
  ])('%s', async (_name, which, alg) => {
    const client = clients[which];
    expect(client.privateJwk.alg).toBe(alg);
    const config = await byAssertion(client);
    const token = await pay(config, client, oauth.getDPoPHandle(config, await oauth.randomDPoPKeyPair(alg)));
    expect(token.token_type).toBe('dpop');
  });

  it('tls_client_auth and certificate-bound tokens, PS256', async () => {
    const client = clients.signingSuite3;
    const token = await pay(await byCertificate(client), client);
    expect([client.privateJwk.alg, token.token_type]).toEqual(['PS256', 'bearer']);
  });

  it('tls_client_auth and DPoP, PS256', async () => {
    const client = clients.signingSuite5;
    const config = await byCertificate(client);
    const token = await pay(config, client, oauth.getDPoPHandle(config, await oauth.randomDPoPKeyPair('ES256')));
    expect([client.privateJwk.alg, token.token_type]).toEqual(['PS256', 'dpop']);
  });
});

/** By the end of their names in the plan; `at` is the second in which the request is signed. */
const refusals: readonly (readonly [string, (at: number) => Spoilt | Promise<Spoilt>])[] = [
  ['ensure-request-object-without-exp-fails', () => ({ claims: { exp: undefined } })],
  ['ensure-request-object-without-nbf-fails', () => ({ claims: { nbf: undefined } })],
  ['ensure-expired-request-object-fails', (at) => ({ claims: { nbf: at - 10 * MINUTE, exp: at - 5 * MINUTE } })],
  ['ensure-request-object-with-bad-aud-fails', () => ({ claims: { aud: 'https://www.other1.com/' } })],
  ['ensure-request-object-with-exp-over-60-fails', (at) => ({ claims: { exp: at + 70 * MINUTE } })],
  ['ensure-request-object-with-nbf-over-60-fails', (at) => ({ claims: { nbf: at - 70 * MINUTE } })],
  ['ensure-signed-request-object-with-RS256-fails', async () => ({ header: { alg: 'RS256' }, key: await asRs256() })],
  ['ensure-matching-key-in-authorization-request', () => ofSecondClient()],
  ['par-authorization-request-containing-request_uri', () => ({ claims: { request_uri: 'urn:example:bad' } })],
];

/** The same RSA key, under the algorithm for which it is not registered. */
async function asRs256(): Promise<CryptoKey> {
  return (await importJWK({ ...clients.signingSuite1.privateJwk, alg: 'RS256' }, 'RS256')) as CryptoKey;
}

async function ofSecondClient(): Promise<Spoilt> {
  const { key, kid } = await keyOf(clients.signingSuite2);
  return { header: { alg: 'ES256', kid }, key };
}

describe('the plan’s modules about request objects find', () => {
  let first: RawClient;
  let objects: ObjectSigner;
  beforeAll(async () => {
    const client = clients.signingSuite1;
    first = await RawClient.create(client, issuer, system.clock);
    objects = await ObjectSigner.create(first, client, { redirect_uri: client.redirectUri, resource: undefined });
  });

  const push = (request: string): Promise<RawAnswer> => first.postAs('/par', { request });
  const refused = { status: 400, body: { error: 'invalid_request_object' } };

  it.each(refusals)('a refusal: %s', async (_name, make) => {
    expect(await push(await objects.sign(await make(first.now)))).toMatchObject(refused);
  });

  it('a refusal: ensure-request-object-signature-algorithm-is-not-none', async () => {
    expect(await push(objects.unsigned('none'))).toMatchObject(refused);
  });

  it('a refusal: ensure-request-object-with-invalid-signature-fails', async () => {
    const [header, payload, signature = ''] = (await objects.sign()).split('.');
    const bytes = Buffer.from(Buffer.from(signature, 'base64url').map((byte) => byte ^ 0x5a));
    expect(await push([header, payload, bytes.toString('base64url')].join('.'))).toMatchObject(refused);
  });

  it('a refusal: ensure-unsigned-request-at-par-endpoint-fails', async () => {
    const fields = { ...first.pushFields(), redirect_uri: clients.signingSuite1.redirectUri ?? '' };
    const answer = await first.postAs('/par', fields);
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  it.each<readonly [string, (at: number) => Spoilt]>([
    [
      'ensure-request-object-with-multiple-aud-succeeds',
      () => ({ claims: { aud: [issuer, 'https://www.other1.com/'] } }),
    ],
    [
      'ensure-request-object-with-nbf-8-seconds-in-the-future-is-accepted',
      (at) => ({ claims: { nbf: at + 8, iat: at + 8 } }),
    ],
  ])('success: %s', async (_name, make) => {
    expect((await push(await objects.sign(make(first.now)))).status).toBe(201);
  });

  it('of what stands beside the object nothing: ensure-different-state-inside-and-outside-request-object', async () => {
    const request = await objects.sign({ claims: { state: 'inside' } });
    const { status, body } = await first.postAs('/par', { request, state: 'outside', nonce: 'outside' });
    expect(status).toBe(201);
    const rows = await system.database.asOwner('select state from authorization_request where consent_id = $1', [
      body['consent_id'],
    ]);
    expect(rows).toEqual([{ state: 'inside' }]);
  });
});

it('a client that must sign is not said to be every client: the metadata requires no signed requests', async () => {
  const metadata = (await byAssertion(clients.signingSuite1)).serverMetadata();
  expect(metadata['require_signed_request_object']).toBeUndefined();
  expect(metadata.request_object_signing_alg_values_supported).toEqual(expect.arrayContaining(['ES256', 'PS256']));
});

it('each configuration for message signing has two clients that must sign, the first with an RSA key', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sigill-suite-'));
  try {
    const registered = JSON.parse(readFileSync(clients.file, 'utf8')) as {
      id: string;
      requestObjectRequired?: boolean;
    }[];
    const mustSign = registered.filter((client) => client.requestObjectRequired === true).map(({ id }) => id);
    const consents = { jwt: 'one', mtls: 'two', mtlsDpop: 'three' };
    const urls = { mtlsUrl: 'https://sigill.test:3443', approvalUrl: 'http://sigill.test:3006/' };
    const sandbox = { issuer, ...urls, clients, consents };
    const paths = await writeSuiteConfigurations(folder, sandbox);
    const signed = paths.filter((path) => path.includes('/suite-signed-'));
    expect(signed).toHaveLength(8);
    for (const path of signed) {
      const { client, client2 } = JSON.parse(readFileSync(path, 'utf8')) as Record<'client' | 'client2', Configured>;
      expect(mustSign).toEqual(expect.arrayContaining([client.client_id, client2.client_id]));
      expect([client, client2].map(({ jwks }) => jwks.keys.map(({ alg }) => alg))).toEqual([['PS256'], ['ES256']]);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

interface Configured {
  readonly client_id: string;
  readonly jwks: { readonly keys: readonly { readonly alg: string }[] };
}
