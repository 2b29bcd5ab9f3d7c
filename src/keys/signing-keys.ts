import { Injectable } from '@nestjs/common';
import { CompactSign, FlattenedSign, type CompactJWSHeaderParameters, type JSONWebKeySet } from 'jose';
import type { SigningKey, SigningPurpose } from './signing-key.ts';

/** The keys that Sigill signs with, each for one purpose only. */
@Injectable()
export class SigningKeys {
  readonly #keys: readonly SigningKey[];

  constructor(keys: readonly SigningKey[]) {
    this.#keys = keys;
  }

  /** The public keys as /jwks shows them (RFC 7517 §5), those that only verify included. */
  jwks(): JSONWebKeySet {
    return { keys: this.#keys.map(({ publicJwk }) => publicJwk) };
  }

  /** A JWS in compact form with the purpose's `alg` and `kid`; `header` adds `typ` and the like. @see RFC 7515 §7.1 */
  async sign(
    purpose: SigningPurpose,
    payload: Uint8Array,
    header: Omit<CompactJWSHeaderParameters, 'alg'> = {},
  ): Promise<string> {
    const { alg, kid, privateKey } = this.#signer(purpose);
    return new CompactSign(payload).setProtectedHeader({ ...header, alg, kid }).sign(privateKey);
  }

  /**
   * A JWS with detached, unencoded payload: `header..signature`. The header carries the public key, so that a reader can
   * check the bytes without us; whether the key is ours is answered by /jwks alone.
   * @see RFC 7515 appendix F, RFC 7797
   */
  async signDetached(
    purpose: SigningPurpose,
    payload: Uint8Array,
    header: { readonly typ?: string } = {},
  ): Promise<string> {
    const { alg, kid, privateKey, publicJwk } = this.#signer(purpose);
    const { kty, crv, x, y, n, e } = publicJwk;
    const jwk = Object.fromEntries(Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => value !== undefined));
    const signed = await new FlattenedSign(payload)
      .setProtectedHeader({ ...header, alg, kid, jwk, b64: false, crit: ['b64'] })
      .sign(privateKey);
    return `${signed.protected ?? ''}..${signed.signature}`;
  }

  #signer(purpose: SigningPurpose): SigningKey {
    const key = this.#keys.find((candidate) => candidate.purpose === purpose);
    if (!key) throw new TypeError(`no signing key for the purpose ${purpose}`);
    return key;
  }
}
