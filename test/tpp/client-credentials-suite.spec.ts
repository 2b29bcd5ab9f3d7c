import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { importJWK, type CryptoKey, type JWK } from 'jose';
import * as oauth from 'openid-client';
import { Expiry } from '../../src/consent/expiry/expiry.ts';
import { MINUTE_MS } from '../../src/kernel/clock.ts';
import { pushLastingConsents } from '../../sandbox/lasting-consents.ts';
import { suitePayment, writeSuiteConfigurations } from '../../sandbox/suite.ts';
import { SandboxTls } from '../../sandbox/tls.ts';
import { discoverWith, fetchWith } from '../support/parties/certificate-tpp.ts';
import { TestSystem } from '../support/system/system.ts';

const INTERACTION = '6ba7b810-9dad-41d1-80b4-00c04fd430c8';
const PREFIX = 'suite-client_credentials-';

/** A configuration as the suite reads it. */
interface Configuration {
  readonly server: { readonly discoveryUrl: string };
  readonly client: SuiteClient;
  readonly client2: SuiteClient;
  readonly mtls: Certificate;
  readonly mtls2: Certificate;
  readonly resource: { readonly resourceUrl: string };
}
interface SuiteClient {
  readonly client_id: string;
  readonly scope: string;
  readonly jwks: { readonly keys: readonly [JWK] };
  readonly dpop_signing_alg: string;
}
interface Certificate {
  readonly cert: string;
  readonly key: string;
}

let system: TestSystem;
let configurations: ReadonlyMap<string, Configuration>;
beforeAll(async () => {
  system = await TestSystem.start({ tls: true });
  const { issuer, clients } = system.system;
  const folder = join(system.folder, 'service');
  const aliases = (await discover(issuer)).serverMetadata().mtls_endpoint_aliases;
  const mtlsUrl = new URL(aliases?.token_endpoint ?? '').origin;
  const tls = await SandboxTls.open(folder);
  const consents = await pushLastingConsents({ issuer, url: mtlsUrl, clients, tls, payment: suitePayment });
  const approvalUrl = 'http://sigill.test:3006/';
  const paths = await writeSuiteConfigurations(folder, { issuer, mtlsUrl, clients, consents, approvalUrl });
  const ours = paths.filter((path) => basename(path).startsWith(PREFIX));
  configurations = new Map(
    ours.map((path) => [
      basename(path, '.json').slice(PREFIX.length),
      JSON.parse(readFileSync(path, 'utf8')) as Configuration,
    ]),
  );
  await endConsents();
});
afterAll(() => system.stop());

/** The suite begins when it begins: by then, the time in which the payer could have signed is over. */
async function endConsents(): Promise<void> {
  system.clock.advance(20 * MINUTE_MS);
  await system.get(Expiry).endDue(10);
  system.clock.advance(-20 * MINUTE_MS);
}

function discover(issuer: string): Promise<oauth.Configuration> {
  return oauth.discovery(new URL(issuer), 'anyone', undefined, oauth.None(), { algorithm: 'oauth2' });
}

/** One client of a configuration: how it gets a token, and how it reads the resource. */
class Caller {
  readonly config: oauth.Configuration;
  readonly scope: string;
  readonly certificate: Certificate;
  readonly dpop: oauth.DPoPHandle | undefined;

  private constructor({ config, scope, certificate, dpop }: Pick<Caller, 'config' | 'scope' | 'certificate' | 'dpop'>) {
    this.config = config;
    this.scope = scope;
    this.certificate = certificate;
    this.dpop = dpop;
  }

  static async of(variant: string, client: SuiteClient, certificate: Certificate): Promise<Caller> {
    const { issuer } = system.system;
    const keyed = { certificate: certificate.cert, key: certificate.key };
    const bound = variant.endsWith('-dpop') ? undefined : keyed;
    const config = variant.startsWith('mtls')
      ? await discoverWith(issuer, client.client_id, keyed)
      : await this.#byAssertion(issuer, client, bound);
    const alg = client.dpop_signing_alg;
    const dpop = bound ? undefined : oauth.getDPoPHandle(config, await oauth.randomDPoPKeyPair(alg));
    return new Caller({ config, scope: client.scope, certificate, dpop });
  }

  static async #byAssertion(
    issuer: string,
    { client_id: id, jwks }: SuiteClient,
    bound: { readonly certificate: string; readonly key: string } | undefined,
  ): Promise<oauth.Configuration> {
    const [{ alg = '', kid = '', ...key }] = jwks.keys;
    const authentication = oauth.PrivateKeyJwt({ key: (await importJWK({ ...key, alg }, alg)) as CryptoKey, kid });
    if (bound) return discoverWith(issuer, id, bound, authentication);
    return oauth.discovery(new URL(issuer), id, undefined, authentication, { algorithm: 'oauth2' });
  }

  /** Without the means to prove possession if `isBare`. */
  async token(isBare = false): Promise<string> {
    const DPoP = isBare ? {} : this.dpop && { DPoP: this.dpop };
    return (await oauth.clientCredentialsGrant(this.config, { scope: this.scope }, DPoP)).access_token;
  }

  read(url: string, token: string, more: Readonly<Record<string, string>> = {}): Promise<Response> {
    const headers = { 'x-fapi-interaction-id': INTERACTION, ...more };
    if (this.dpop) {
      const sent = new Headers(headers);
      return oauth.fetchProtectedResource(this.config, token, new URL(url), 'GET', null, sent, { DPoP: this.dpop });
    }
    const send = fetchWith({ certificate: this.certificate.cert, key: this.certificate.key });
    const options = { method: 'GET', headers: { authorization: `Bearer ${token}`, ...headers } };
    return send(url, options as unknown as oauth.CustomFetchOptions);
  }
}

/** The status of a request that a client library may answer by throwing. */
async function statusOf(request: Promise<Response>): Promise<number | undefined> {
  try {
    return (await request).status;
  } catch (error) {
    return (error as { readonly status?: number }).status;
  }
}

const variants = ['private_key_jwt-dpop', 'private_key_jwt-mtls', 'mtls-dpop', 'mtls-mtls'] as const;

describe.each(variants)('with %s, the suite’s machine tokens', (variant) => {
  let configuration: Configuration;
  let url: string;
  let first: Caller;
  let second: Caller;
  beforeAll(async () => {
    const found = configurations.get(variant);
    if (!found) throw new Error(`no configuration of ${variant}`);
    configuration = found;
    url = found.resource.resourceUrl;
    first = await Caller.of(variant, found.client, found.mtls);
    second = await Caller.of(variant, found.client2, found.mtls2);
  });

  it('read a consent that has ended long ago, whatever they accept', async () => {
    const token = await first.token();
    for (const accept of ['application/json', 'application/json;charset=UTF-8', 'application/json, */*;q=0.1']) {
      const answer = await first.read(url, token, { accept });
      expect([answer.status, await answer.json()]).toMatchObject([200, { state: 'expired' }]);
      expect(answer.headers.get('x-fapi-interaction-id')).toBe(INTERACTION);
      expect(answer.headers.get('date')).toMatch(/ GMT$/);
    }
  });

  it('read it for both clients, and neither’s token is good in the other’s hands', async () => {
    const token = await second.token();
    expect(await statusOf(second.read(url, token))).toBe(200);
    expect(await statusOf(first.read(url, token))).toBe(401);
  });

  it('are not taken from the query', async () => {
    const token = await first.token();
    const send = fetchWith({ certificate: configuration.mtls.cert, key: configuration.mtls.key });
    const options = { method: 'GET', headers: {} } as unknown as oauth.CustomFetchOptions;
    expect(await statusOf(send(`${url}?access_token=${token}`, options))).toBe(401);
  });

  it('are not issued to one client with the keys of the other', async () => {
    const mixed = { ...configuration.client, client_id: configuration.client2.client_id };
    const impostor = await Caller.of(variant, mixed, configuration.mtls);
    await expect(impostor.token()).rejects.toMatchObject({ status: 401, error: 'invalid_client' });
  });

  if (variant.endsWith('-dpop')) {
    it('are not issued without a proof of possession', async () => {
      await expect(first.token(true)).rejects.toMatchObject({ status: 400, error: 'invalid_request' });
    });
  }
});

describe('the metadata', () => {
  it('name the grant, and the scope that the suite requests', async () => {
    const metadata = (await discover(system.system.issuer)).serverMetadata();
    expect(metadata.grant_types_supported).toContain('client_credentials');
    const { client, client2 } = configurations.get('mtls-mtls') ?? {};
    expect([client?.scope, client2?.scope]).toEqual(['consents', 'consents']);
    expect(metadata.scopes_supported).toContain('consents');
  });
});
