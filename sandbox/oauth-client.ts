import { importJWK, type CryptoKey } from 'jose';
import * as oauth from 'openid-client';
import type { SandboxClient } from './clients.ts';
import { dpopKeyPair } from './dpop-key.ts';

/** What all parties of the sandbox do: discover the server, authenticate, and prove possession of the token's key. */
export class OAuthParty {
  readonly config: oauth.Configuration;
  readonly dpop: oauth.DPoPHandle;
  readonly client: SandboxClient;

  private constructor(client: SandboxClient, config: oauth.Configuration, dpop: oauth.DPoPHandle) {
    this.client = client;
    this.config = config;
    this.dpop = dpop;
  }

  /**
   * Reads the server's metadata (RFC 8414). The party keeps one DPoP key: the client's, or one that is made here.
   * @param reach fetches from a server whose name does not resolve to this machine
   */
  static async connect(issuer: string, client: SandboxClient, reach?: oauth.CustomFetch): Promise<OAuthParty> {
    const key = (await importJWK(client.privateJwk, 'ES256')) as CryptoKey;
    const { kid } = client.privateJwk;
    const authentication = oauth.PrivateKeyJwt(kid === undefined ? { key } : { key, kid });
    const http = issuer.startsWith('http:');
    const config = await oauth.discovery(new URL(issuer), client.id, undefined, authentication, {
      algorithm: 'oauth2',
      ...(reach ? { [oauth.customFetch]: reach } : {}),
      // The sandbox speaks plain http on loopback; elsewhere openid-client rightly refuses it.
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- openid-client marks it deprecated to make it stand out
      execute: http ? [oauth.allowInsecureRequests] : [],
    });
    const dpopKeys = client.dpopJwk ? await dpopKeyPair(client.dpopJwk) : await oauth.randomDPoPKeyPair('ES256');
    return new OAuthParty(client, config, oauth.getDPoPHandle(config, dpopKeys));
  }

  /** An access token by `client_credentials` for one scope. */
  async machineToken(scope: string): Promise<string> {
    const answer = await oauth.clientCredentialsGrant(this.config, { scope }, { DPoP: this.dpop });
    return answer.access_token;
  }

  /** A request with a DPoP-bound token to one of our own resources; returns status and parsed body. */
  async request(
    token: string,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const sent = new Headers({ accept: 'application/json', ...headers });
    if (body !== undefined) sent.set('content-type', 'application/json');
    return readAnswer(
      await this.fetch(token, method, path, sent, body === undefined ? undefined : JSON.stringify(body)),
    );
  }

  /** The same, for an answer that is not JSON. */
  fetch(token: string, method: string, path: string, headers: Headers, body?: string): Promise<Response> {
    const url = new URL(path, this.config.serverMetadata().issuer);
    return oauth.fetchProtectedResource(this.config, token, url, method, body, headers, { DPoP: this.dpop });
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON object that the server sent; empty when it sent none. */
  readonly body: Readonly<Record<string, unknown>>;
}

async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  const body = isJson && text !== '' ? (JSON.parse(text) as Record<string, unknown>) : {};
  return { status: response.status, headers: response.headers, body };
}

/** A member that must be text; empty when it is not, so that a comparison fails. */
export function textOrEmpty(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
