import { randomUUID } from 'node:crypto';
import { importJWK, SignJWT, type CryptoKey, type JWK } from 'jose';
import * as oauth from 'openid-client';
import type { KeyedCertificate } from '../../../sandbox/tls.ts';
import { discoverWith, fetchWith } from '../parties/certificate-tpp.ts';

const CIBA = 'urn:openid:params:grant-type:ciba';

/** A configuration of the FAPI-CIBA plan as the suite reads it. */
export interface CibaConfiguration {
  readonly server: { readonly discoveryUrl: string };
  readonly client: CibaClient & { readonly hint_type: string; readonly hint_value: string };
  readonly client2: CibaClient & { readonly acr_value: string };
  readonly mtls: { readonly cert: string; readonly key: string };
  readonly mtls2: { readonly cert: string; readonly key: string };
  readonly resource: { readonly resourceUrl: string };
  readonly automated_ciba_approval_url: string;
}

interface CibaClient {
  readonly client_id: string;
  readonly scope: string;
  readonly jwks: { readonly keys: readonly [JWK] };
}

/** How a request differs from the usual one. */
export interface RequestChanges {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  /** Signs in place of the client's key. */
  readonly key?: CryptoKey;
}

/** One of the two clients of a configuration, which takes the suite's steps. */
export class CibaCaller {
  readonly id: string;
  readonly scope: string;
  readonly key: CryptoKey;
  readonly certificate: KeyedCertificate;
  readonly #jwk: JWK;
  readonly #configuration: CibaConfiguration;
  /** For backchannel requests: with private_key_jwt, the suite shows no certificate there. */
  readonly #backchannel: oauth.Configuration;
  /** For tokens, which are bound to the certificate. */
  readonly #tokens: oauth.Configuration;

  private constructor(
    configuration: CibaConfiguration,
    client: CibaClient,
    made: {
      readonly key: CryptoKey;
      readonly certificate: KeyedCertificate;
      readonly backchannel: oauth.Configuration;
      readonly tokens: oauth.Configuration;
    },
  ) {
    this.#configuration = configuration;
    this.id = client.client_id;
    this.scope = client.scope;
    [this.#jwk] = client.jwks.keys;
    this.key = made.key;
    this.certificate = made.certificate;
    this.#backchannel = made.backchannel;
    this.#tokens = made.tokens;
  }

  static async of(variant: string, configuration: CibaConfiguration, which: 1 | 2): Promise<CibaCaller> {
    const client = which === 1 ? configuration.client : configuration.client2;
    const { cert, key } = which === 1 ? configuration.mtls : configuration.mtls2;
    const certificate = { certificate: cert, key };
    const issuer = configuration.server.discoveryUrl.replace(/\/\.well-known\/.*$/, '');
    const [jwk] = client.jwks.keys;
    const signer = (await importJWK(jwk, jwk.alg ?? '')) as CryptoKey;
    if (variant.startsWith('mtls')) {
      const config = await discoverWith(issuer, client.client_id, certificate);
      return new CibaCaller(configuration, client, { key: signer, certificate, backchannel: config, tokens: config });
    }
    const naming = (aud: (metadata: oauth.ServerMetadata) => string): oauth.ClientAuth => {
      const keyed = { key: signer, kid: jwk.kid ?? '' };
      return (as, ...rest) => {
        const modify = {
          [oauth.modifyAssertion]: (_: object, payload: object) => Object.assign(payload, { aud: aud(as) }),
        };
        return oauth.PrivateKeyJwt(keyed, modify)(as, ...rest);
      };
    };
    // As the suite does: the endpoint itself, at the port where it is called.
    const atBackchannel = naming((metadata) => metadata.backchannel_authentication_endpoint ?? '');
    const atToken = naming(({ mtls_endpoint_aliases: aliases }) => aliases?.token_endpoint ?? '');
    const backchannel = await oauth.discovery(new URL(issuer), client.client_id, undefined, atBackchannel);
    const tokens = await discoverWith(issuer, client.client_id, certificate, atToken);
    return new CibaCaller(configuration, client, { key: signer, certificate, backchannel, tokens });
  }

  get metadata(): oauth.ServerMetadata {
    return this.#tokens.serverMetadata();
  }

  /** The signed request: no `client_id` in it, and no `typ` unless told. */
  async sign({ claims, header, key }: RequestChanges = {}): Promise<string> {
    const { hint_type: hint, hint_value: person } = this.#configuration.client;
    const now = Math.floor(Date.now() / 1000);
    const own = { iss: this.id, aud: this.metadata.issuer, iat: now, nbf: now, exp: now + 300, jti: randomUUID() };
    return new SignJWT({ scope: this.scope, [hint]: person, ...own, ...claims })
      .setProtectedHeader({ alg: this.#jwk.alg ?? '', ...(this.#jwk.kid ? { kid: this.#jwk.kid } : {}), ...header })
      .sign(key ?? this.key);
  }

  async request(changes: RequestChanges = {}): Promise<oauth.BackchannelAuthenticationResponse> {
    return this.send({ request: await this.sign(changes) });
  }

  send(form: Readonly<Record<string, string>>): Promise<oauth.BackchannelAuthenticationResponse> {
    return oauth.initiateBackchannelAuthentication(this.#backchannel, form);
  }

  /** With this client's certificate, whatever the form says of the client. @returns status and error */
  async sendBare(form: Readonly<Record<string, string>>): Promise<readonly [number, unknown]> {
    const endpoint = this.metadata.mtls_endpoint_aliases?.backchannel_authentication_endpoint ?? '';
    const options = { method: 'POST', body: new URLSearchParams(form), headers: {} };
    const answer = await fetchWith(this.certificate)(endpoint, options as unknown as oauth.CustomFetchOptions);
    return [answer.status, ((await answer.json()) as { readonly error?: unknown }).error];
  }

  /** What the suite asks the sandbox to do in the place of the person. */
  async answer(authReqId: string, action: 'allow' | 'deny'): Promise<void> {
    const url = this.#configuration.automated_ciba_approval_url
      .replace('{auth_req_id}', authReqId)
      .replace('{action}', action);
    const { status } = await fetch(url, { method: 'POST' });
    if (status !== 200) throw new Error(`the call was not answered: ${status}`);
  }

  redeem(authReqId: string): Promise<oauth.TokenEndpointResponse & oauth.TokenEndpointResponseHelpers> {
    return oauth.genericGrantRequest(this.#tokens, CIBA, { auth_req_id: authReqId });
  }

  /** The resource of the configuration, with this client's certificate. */
  async read(token: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    const options = { method: 'GET', headers: { authorization: `Bearer ${token}`, ...headers } };
    const fetching = fetchWith(this.certificate);
    return fetching(this.#configuration.resource.resourceUrl, options as unknown as oauth.CustomFetchOptions);
  }
}

/** What the server refused. */
export async function refusalOf(call: () => Promise<unknown>): Promise<readonly [number, string]> {
  try {
    await call();
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError) return [error.status, error.error];
    if (error instanceof oauth.WWWAuthenticateChallengeError) return [error.status, 'challenge'];
    throw error;
  }
  return [200, ''];
}
