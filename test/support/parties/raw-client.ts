import { createHash, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, importJWK, SignJWT, type CryptoKey, type JWK } from 'jose';
import type { Clock } from '../../../src/kernel/clock.ts';
import type { SandboxClient } from '../../../sandbox/clients.ts';
import type { InitiationJson, PushedConsent } from '../../../sandbox/tpp.ts';
import { exchange, type RawAnswer, type RawRequest, type Send } from './exchange.ts';
import { callback, payment } from './payment.ts';

/** What a JWT shall say otherwise than it should; a claim given as undefined is left out. */
export interface Spoilt {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  /** Signed by this key instead. */
  readonly key?: CryptoKey;
}

/** A form field given as undefined is left out; a list is sent as a repeated field. */
export type Fields = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A pushed consent with what an attacker, too, would like to know of it. */
export interface RawPushed extends PushedConsent {
  readonly requestUri: string;
  readonly consentId: string;
}

/** A new key that is not registered. */
export async function foreignKey(): Promise<CryptoKey> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return (await importJWK(privateKey.export({ format: 'jwk' }), 'ES256')) as CryptoKey;
}

/** Where requests go, and how: straight to the issuer, unless a test has another way there. */
export interface Line {
  readonly origin: string;
  readonly fetch: Send;
}

/**
 * A client that writes its assertions, proofs and forms by hand, right or wrong: client libraries refuse to be wrong. Its clock
 * is the test's, so that it is right also in a time that the test has moved to.
 */
export class RawClient {
  readonly id: string;
  readonly issuer: string;
  readonly #clock: Clock;
  readonly #line: Line;
  readonly #kid: string;
  readonly #alg: string;
  readonly #key: CryptoKey;
  readonly #dpopKey: CryptoKey;
  readonly #dpopJwk: JWK;

  private constructor(
    { id, privateJwk }: SandboxClient,
    server: { readonly issuer: string; readonly clock: Clock; readonly line?: Line | undefined },
    keys: { readonly key: CryptoKey; readonly dpopKey: CryptoKey; readonly dpopJwk: JWK },
  ) {
    this.id = id;
    this.issuer = server.issuer;
    this.#clock = server.clock;
    this.#line = server.line ?? { origin: server.issuer, fetch };
    this.#kid = privateJwk.kid ?? '';
    this.#alg = privateJwk.alg ?? 'ES256';
    this.#key = keys.key;
    this.#dpopKey = keys.dpopKey;
    this.#dpopJwk = keys.dpopJwk;
  }

  static async create(client: SandboxClient, issuer: string, clock: Clock, line?: Line): Promise<RawClient> {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const keys = {
      key: (await importJWK(client.privateJwk, client.privateJwk.alg ?? 'ES256')) as CryptoKey,
      dpopKey: (await importJWK(privateKey.export({ format: 'jwk' }), 'ES256')) as CryptoKey,
      dpopJwk: await exportJWK(publicKey),
    };
    return new RawClient(client, { issuer, clock, line }, keys);
  }

  /** Seconds since 1970 by the test's clock. */
  get now(): number {
    return Math.floor(this.#clock.now().getTime() / 1000);
  }

  /** RFC 7523 client assertion. */
  assertion({ claims = {}, header = {}, key = this.#key }: Spoilt = {}): Promise<string> {
    const { id, issuer, now } = this;
    const payload = { iss: id, sub: id, aud: issuer, jti: randomUUID(), iat: now, exp: now + 60, ...claims };
    return new SignJWT(payload).setProtectedHeader({ alg: this.#alg, kid: this.#kid, ...header }).sign(key);
  }

  /** RFC 9449 proof for one request. */
  proof(method: string, path: string, accessToken?: string, spoilt: Spoilt = {}): Promise<string> {
    const ath = accessToken === undefined ? {} : { ath: sha256(accessToken) };
    const payload = {
      jti: randomUUID(),
      htm: method,
      htu: `${this.issuer}${path}`,
      iat: this.now,
      ...ath,
      ...spoilt.claims,
    };
    return new SignJWT(payload)
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: this.#dpopJwk, ...spoilt.header })
      .sign(spoilt.key ?? this.#dpopKey);
  }

  /** The thumbprint of its DPoP key (RFC 7638). */
  thumbprint(): Promise<string> {
    return calculateJwkThumbprint(this.#dpopJwk);
  }

  /** The fields by which this client authenticates, with an assertion made for them. */
  async authentication(spoilt: Spoilt = {}): Promise<Record<string, string>> {
    return this.credentials(await this.assertion(spoilt));
  }

  /** The fields by which this client authenticates. */
  credentials(assertion: string): Record<string, string> {
    return {
      client_id: this.id,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    };
  }

  /** Posts a form as it is; nothing is added. */
  post(path: string, fields: Fields, headers: Readonly<Record<string, string>> = {}): Promise<RawAnswer> {
    return this.send('POST', path, { body: encode(fields), headers });
  }

  /** Posts a form with this client's credentials and a proof, unless `fields` or `headers` say otherwise. */
  async postAs(path: string, fields: Fields, headers: Readonly<Record<string, string>> = {}): Promise<RawAnswer> {
    return this.post(
      path,
      { ...(await this.authentication()), ...fields },
      { dpop: await this.proof('POST', path), ...headers },
    );
  }

  /** The form of a push that is right. */
  pushFields(initiation: unknown = payment, codeVerifier = newVerifier()): Record<string, string> {
    return {
      response_type: 'code',
      redirect_uri: callback,
      state: randomBytes(8).toString('hex'),
      code_challenge: sha256(codeVerifier),
      code_challenge_method: 'S256',
      resource: 'https://api.exempelbanken.example/payments',
      authorization_details: JSON.stringify([initiation]),
    };
  }

  /** Pushes a consent that is right, but for `changes`. */
  async push(initiation: InitiationJson = payment, changes: Fields = {}): Promise<RawPushed> {
    const codeVerifier = newVerifier();
    const fields = { ...this.pushFields(initiation, codeVerifier), ...changes };
    return this.pushed(await this.postAs('/par', fields), { codeVerifier, state: String(fields.state) });
  }

  /** What the answer to a push means, with what the client alone knows of it. */
  pushed({ status, body }: RawAnswer, own: Pick<PushedConsent, 'codeVerifier' | 'state'>): RawPushed {
    if (status !== 201) throw new Error(`the push answered ${status}: ${JSON.stringify(body)}`);
    const requestUri = String(body['request_uri']);
    const authorizationUrl = new URL('/authorize', this.issuer);
    authorizationUrl.search = new URLSearchParams({ client_id: this.id, request_uri: requestUri }).toString();
    return { ...own, authorizationUrl, requestUri, consentId: String(body['consent_id']) };
  }

  /** The form that redeems a code. */
  redemption(code: string, { codeVerifier }: Pick<PushedConsent, 'codeVerifier'>): Record<string, string> {
    return { grant_type: 'authorization_code', code, redirect_uri: callback, code_verifier: codeVerifier };
  }

  /** The token that a code is good for. */
  async redeem(returned: URL, pushed: Pick<PushedConsent, 'codeVerifier'>): Promise<string> {
    const { body } = await this.postAs('/token', this.redemption(returned.searchParams.get('code') ?? '', pushed));
    return String(body['access_token']);
  }

  /** Asks for a token for this client itself; without `scope`, for all that it may have. */
  askForToken(scope?: string): Promise<RawAnswer> {
    return this.postAs('/token', { grant_type: 'client_credentials', scope });
  }

  /** A token for this client itself. */
  async machineToken(scope?: string): Promise<string> {
    const { status, body } = await this.askForToken(scope);
    if (status !== 200) throw new Error(`no token for ${this.id}: ${status} ${JSON.stringify(body)}`);
    return String(body['access_token']);
  }

  /** A call of a resource with a token and a fresh proof. */
  async call(
    token: string,
    method: string,
    path: string,
    { body, headers = {} }: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> } = {},
  ): Promise<RawAnswer> {
    return this.send(method, path, {
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: {
        authorization: `DPoP ${token}`,
        dpop: await this.proof(method, path.replace(/\?.*$/, ''), token),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
    });
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<RawAnswer> {
    return this.send('GET', path, { headers });
  }

  send(method: string, path: string, request: Omit<RawRequest, 'method'>): Promise<RawAnswer> {
    return exchange(new URL(path, this.#line.origin), { method, ...request }, this.#line.fetch);
  }
}

export function newVerifier(): string {
  return randomBytes(32).toString('base64url');
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function encode(fields: Fields): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of typeof value === 'string' ? [value] : (value ?? [])) form.append(name, one);
  }
  return form;
}
