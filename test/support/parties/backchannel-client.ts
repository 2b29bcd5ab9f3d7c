import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, importJWK, SignJWT, type CryptoKey, type JWK } from 'jose';
import { APP_RETURN, publicHalf, type SandboxClient } from '../../../sandbox/clients.ts';
import type { RawAnswer, RawRequest } from './exchange.ts';
import { anna, payment } from './payment.ts';
import type { Fields, RawClient, Spoilt } from './raw-client.ts';

const CIBA = 'urn:openid:params:grant-type:ciba';

/** A request that was acknowledged. */
export interface Requested {
  readonly authReqId: string;
  readonly id: string;
  readonly consentId: string;
  readonly interval: number;
  readonly expiresIn: number;
  /** What proves the key that it is bound to. */
  readonly key: AppKey;
}

/** A DPoP key, as an app's installation makes it for one request. */
export class AppKey {
  readonly jkt: string;
  readonly #client: RawClient;
  readonly #spoilt: Pick<Spoilt, 'key' | 'header'>;

  private constructor(client: RawClient, jkt: string, spoilt: Pick<Spoilt, 'key' | 'header'>) {
    this.#client = client;
    this.jkt = jkt;
    this.#spoilt = spoilt;
  }

  static async create(client: RawClient): Promise<AppKey> {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = (await importJWK(privateKey.export({ format: 'jwk' }), 'ES256')) as CryptoKey;
    const jwk: JWK = await exportJWK(publicKey);
    return new AppKey(client, await calculateJwkThumbprint(jwk), { key, header: { jwk } });
  }

  /** A proof for one request, without a token unless one is named. */
  proof(method: string, path: string, accessToken?: string): Promise<string> {
    return this.#client.proof(method, path, accessToken, this.#spoilt);
  }
}

/** A client of the backchannel that signs its requests by hand, right or wrong. */
export class BackchannelClient {
  readonly raw: RawClient;
  readonly #registered: SandboxClient;
  readonly #key: CryptoKey;

  private constructor(raw: RawClient, registered: SandboxClient, key: CryptoKey) {
    this.raw = raw;
    this.#registered = registered;
    this.#key = key;
  }

  static async create(raw: RawClient, registered: SandboxClient): Promise<BackchannelClient> {
    const key = (await importJWK(registered.privateJwk, registered.privateJwk.alg ?? 'ES256')) as CryptoKey;
    return new BackchannelClient(raw, registered, key);
  }

  /** The thumbprint of the key that it signs its requests with. */
  registeredJkt(): Promise<string> {
    return calculateJwkThumbprint(publicHalf(this.#registered.privateJwk));
  }

  newKey(): Promise<AppKey> {
    return AppKey.create(this.raw);
  }

  /** The claims of a request by QR code that is right. */
  claims(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    const { id, issuer, now } = this.raw;
    return {
      iss: id,
      aud: issuer,
      iat: now,
      nbf: now,
      exp: now + 300,
      jti: randomUUID(),
      bankid_start: 'qr',
      authorization_details: [payment],
      resource: 'https://api.exempelbanken.example/payments',
      login_hint: `personnummer:${anna}`,
      end_user_ip: '127.0.0.1',
      ...changes,
    };
  }

  /** What a request of an app says besides. */
  appClaims(): Record<string, unknown> {
    return { bankid_start: 'app', return_uri: APP_RETURN };
  }

  sign({ claims, header, key }: Spoilt = {}): Promise<string> {
    const { kid = '', alg = 'ES256' } = this.#registered.privateJwk;
    return new SignJWT(this.claims(claims))
      .setProtectedHeader({ alg, kid, typ: 'oauth-authz-req+jwt', ...header })
      .sign(key ?? this.#key);
  }

  /** Sends a signed request with a proof of `key`, or with none. */
  async send(
    request: string,
    key?: AppKey,
    headers: Readonly<Record<string, string>> = {},
    fields: Fields = {},
  ): Promise<RawAnswer> {
    const proof = key ? { dpop: await key.proof('POST', '/backchannel') } : {};
    const form = { ...(await this.raw.authentication()), request, ...fields };
    return this.raw.post('/backchannel', form, { ...proof, ...headers });
  }

  /** A request that is right but for `changes`, bound to a new key. */
  async ask(changes: Readonly<Record<string, unknown>> = {}): Promise<RawAnswer> {
    return this.send(await this.sign({ claims: changes }), await this.newKey());
  }

  /** The same, acknowledged. */
  async request(
    changes: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Requested> {
    const key = await this.newKey();
    return requestedOf(await this.send(await this.sign({ claims: changes }), key, headers), key);
  }

  /** Asks for the token. */
  async poll({ authReqId, key }: Pick<Requested, 'authReqId' | 'key'>, changes: Fields = {}): Promise<RawAnswer> {
    const form = { ...(await this.raw.authentication()), grant_type: CIBA, auth_req_id: authReqId, ...changes };
    return this.raw.post('/token', form, { dpop: await key.proof('POST', '/token') });
  }

  /** A call of the request's own resource with a proof of its key. */
  async call(
    { id, key }: Pick<Requested, 'id' | 'key'>,
    method: string,
    resource = '',
    { body, headers = {} }: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> } = {},
  ): Promise<RawAnswer> {
    const path = `/backchannel/${id}${resource}`;
    const request: Omit<RawRequest, 'method'> = {
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: {
        dpop: await key.proof(method, path),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
    };
    return this.raw.send(method, path, request);
  }
}

/** @throws Error for a refusal */
export function requestedOf({ status, body }: RawAnswer, key: AppKey): Requested {
  if (status !== 200) throw new Error(`the request answered ${status}: ${JSON.stringify(body)}`);
  return {
    authReqId: String(body['auth_req_id']),
    id: String(body['id']),
    consentId: String(body['consent_id']),
    interval: Number(body['interval']),
    expiresIn: Number(body['expires_in']),
    key,
  };
}
