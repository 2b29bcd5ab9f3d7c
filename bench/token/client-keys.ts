import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  randomBytes,
  randomUUID,
  sign,
  type KeyObject,
} from 'node:crypto';
import type { JWK } from 'jose';

/** A client's side of the cryptography, done before the clock starts. */
export class ClientKeys {
  readonly #id: string;
  readonly #kid: string;
  readonly #key: KeyObject;
  readonly #dpopKey: KeyObject;
  readonly #dpopJwk: JWK;

  constructor(id: string, privateJwk: JWK) {
    this.#id = id;
    this.#kid = privateJwk.kid ?? '';
    this.#key = createPrivateKey({ key: { ...privateJwk }, format: 'jwk' });
    const dpop = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#dpopKey = dpop.privateKey;
    this.#dpopJwk = dpop.publicKey.export({ format: 'jwk' });
  }

  credentials(issuer: string): Record<string, string> {
    const claims = { iss: this.#id, sub: this.#id, aud: issuer, jti: randomUUID(), iat: now(), exp: now() + 300 };
    return {
      client_id: this.#id,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: jwt({ alg: 'ES256', kid: this.#kid }, claims, this.#key),
    };
  }

  /** A request object with these parameters. @see RFC 9101 §2.1, OpenID CIBA Core §7.1.1 */
  request(issuer: string, parameters: object): string {
    const claims = { iss: this.#id, aud: issuer, jti: randomUUID(), iat: now(), nbf: now(), exp: now() + 300 };
    return jwt({ alg: 'ES256', kid: this.#kid }, { ...parameters, ...claims }, this.#key);
  }

  /** For a POST to `url`, at a resource with the access token. @see RFC 9449 §4.2 */
  proof(url: string, accessToken?: string): string {
    const ath = accessToken === undefined ? {} : { ath: sha256(accessToken) };
    const claims = { jti: randomUUID(), htm: 'POST', htu: url, iat: now(), ...ath };
    return jwt({ typ: 'dpop+jwt', alg: 'ES256', jwk: this.#dpopJwk }, claims, this.#dpopKey);
  }
}

export interface Pkce {
  readonly verifier: string;
  readonly challenge: string;
}

export function newPkce(): Pkce {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: sha256(verifier) };
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function jwt(header: object, claims: object, key: KeyObject): string {
  const input = `${encode(header)}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
