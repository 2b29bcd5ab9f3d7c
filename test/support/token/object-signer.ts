import { createHmac, createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { importJWK, SignJWT, type CryptoKey } from 'jose';
import { publicHalf, type SandboxClient } from '../../../sandbox/clients.ts';
import { payment } from '../parties/payment.ts';
import type { RawClient, Spoilt } from '../parties/raw-client.ts';

/** For `crit`: a reader that does not know it must refuse what names it (RFC 7515 §4.1.11). */
export const UNKNOWN_EXTENSION = 'https://tpp.example/extension';

/** Signs the requests of a client, right or wrong. */
export class ObjectSigner {
  readonly #client: RawClient;
  readonly #registered: SandboxClient;
  readonly #key: CryptoKey;
  readonly #parameters: Readonly<Record<string, unknown>>;

  private constructor(
    client: RawClient,
    keys: { readonly registered: SandboxClient; readonly key: CryptoKey },
    parameters: Readonly<Record<string, unknown>>,
  ) {
    this.#client = client;
    this.#registered = keys.registered;
    this.#key = keys.key;
    this.#parameters = parameters;
  }

  /** @param parameters what every request says otherwise than the usual one */
  static async create(
    client: RawClient,
    registered: SandboxClient,
    parameters: Readonly<Record<string, unknown>> = {},
  ): Promise<ObjectSigner> {
    const key = (await importJWK(registered.privateJwk, registered.privateJwk.alg ?? 'ES256')) as CryptoKey;
    return new ObjectSigner(client, { registered, key }, parameters);
  }

  get #kid(): string {
    return this.#registered.privateJwk.kid ?? '';
  }

  get #alg(): string {
    return this.#registered.privateJwk.alg ?? 'ES256';
  }

  claims(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    const { id, issuer, now } = this.#client;
    const own = { iss: id, client_id: id, aud: issuer, iat: now, nbf: now, exp: now + 300, jti: randomUUID() };
    return {
      ...this.#client.pushFields(),
      authorization_details: [payment],
      ...own,
      ...this.#parameters,
      ...changes,
    };
  }

  sign({ claims, header, key }: Spoilt = {}): Promise<string> {
    return new SignJWT(this.claims(claims))
      .setProtectedHeader({ alg: this.#alg, typ: 'oauth-authz-req+jwt', kid: this.#kid, ...header })
      .sign(key ?? this.#key, { crit: { [UNKNOWN_EXTENSION]: true } });
  }

  /** Says that it is signed by `alg`, and is not signed at all. */
  unsigned(alg: string): string {
    return `${part({ alg, typ: 'oauth-authz-req+jwt', kid: this.#kid })}.${part(this.claims())}.`;
  }

  /** With the public key, which is public, as the secret. */
  hmac(format: 'pem' | 'der'): string {
    const key = createPublicKey({ key: { ...publicHalf(this.#registered.privateJwk) }, format: 'jwk' });
    const secret = format === 'pem' ? key.export({ type: 'spki', format }) : key.export({ type: 'spki', format });
    const input = `${part({ alg: 'HS256', kid: this.#kid })}.${part(this.claims())}`;
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
  }

  /** The signature of one request over the claims of another. */
  async altered(claims: Readonly<Record<string, unknown>>): Promise<string> {
    const [header = '', , signature = ''] = (await this.sign()).split('.');
    return `${header}.${part(this.claims(claims))}.${signature}`;
  }
}

export async function rsaKey(alg: 'RS256' | 'PS256'): Promise<CryptoKey> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return (await importJWK(privateKey.export({ format: 'jwk' }), alg)) as CryptoKey;
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
