import { constants, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CompactSign, FlattenedSign, type CompactJWSHeaderParameters, type JSONWebKeySet, type JWK } from 'jose';
import type { SigningKeyConfig, SigningPurpose } from '../config/config.ts';
import { importSigningKeys, type SigningKey } from './keys/signing-key.ts';

/** Sigill's signing keys, each for one purpose only. */
@Injectable()
export class SigningKeys {
  readonly #keys: readonly SigningKey[];

  /** @throws TypeError when a key does not fit its algorithm or a kid is used twice */
  constructor(configured: readonly SigningKeyConfig[]) {
    this.#keys = importSigningKeys(configured);
  }

  /** The public keys that /jwks publishes (RFC 7517 §5), including those that no longer sign. */
  jwks(): JSONWebKeySet {
    return { keys: this.#keys.map(({ publicJwk }) => publicJwk) };
  }

  /**
   * A JWS in compact form, made with the first key of the purpose, and of the algorithm if one is named; `header` adds members such
   * as `typ`.
   * @throws TypeError when there is no such key
   * @see RFC 7515 §7.1
   */
  async sign(
    purpose: SigningPurpose,
    payload: Uint8Array,
    header: Omit<CompactJWSHeaderParameters, 'alg' | 'kid'> = {},
    algorithm?: SigningKeyConfig['alg'],
  ): Promise<string> {
    const { alg, kid, privateKey } = this.#signer(purpose, algorithm);
    return new CompactSign(payload).setProtectedHeader({ ...header, alg, kid }).sign(privateKey);
  }

  /**
   * A JWS with detached, unencoded payload: `header..signature`. The header holds the public key, with which anyone can
   * verify the bytes offline; only /jwks tells whether the key is ours.
   * @throws TypeError when no key has this purpose
   * @see RFC 7515 appendix F, RFC 7797
   */
  async signDetached(
    purpose: SigningPurpose,
    payload: Uint8Array,
    header: { readonly typ?: string } = {},
  ): Promise<string> {
    const { alg, kid, privateKey, publicJwk } = this.#signer(purpose);
    const signed = await new FlattenedSign(payload)
      .setProtectedHeader({ ...header, alg, kid, jwk: bareKey(publicJwk), b64: false, crit: ['b64'] })
      .sign(privateKey);
    return `${signed.protected ?? ''}..${signed.signature}`;
  }

  /**
   * The bare signature of 64 octets over `octets`, made with the first key of the ledger. The same octets give the same signature
   * (RFC 8032 §5.1.6).
   * @throws TypeError when there is no such key
   */
  signLedger(octets: Uint8Array): Buffer {
    return sign(null, octets, this.#signer('ledger', 'EdDSA').privateKey);
  }

  /** The public keys of the ledger, that which signs first. */
  ledgerKeys(): readonly KeyObject[] {
    const keys = this.#keys.filter(({ purpose }) => purpose === 'ledger');
    return keys.map(({ privateKey }) => createPublicKey(privateKey));
  }

  /**
   * The bare signature of these bytes by the first key for seals: of ES256 in DER (RFC 3279 §2.2.3), of PS256 with a salt of 32
   * octets (RFC 7518 §3.5).
   * @throws TypeError when there is no key for seals
   */
  signSeal(bytes: Uint8Array): Buffer {
    const { alg, privateKey: key } = this.#signer('seals');
    if (alg === 'ES256') return sign('sha256', bytes, { key, dsaEncoding: 'der' });
    return sign('sha256', bytes, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
  }

  /** The algorithms of the keys of a purpose: those in which it can sign. */
  algorithmsOf(purpose: SigningPurpose): readonly SigningKeyConfig['alg'][] {
    return this.#keys.filter((key) => key.purpose === purpose).map(({ alg }) => alg);
  }

  #signer(purpose: SigningPurpose, algorithm?: SigningKeyConfig['alg']): SigningKey {
    const ofPurpose = this.#keys.filter((candidate) => candidate.purpose === purpose);
    const key = ofPurpose.find(({ alg }) => algorithm === undefined || alg === algorithm);
    if (key) return key;
    const which = algorithm === undefined ? '' : ` and the algorithm ${algorithm}`;
    throw new TypeError(`no signing key has the purpose ${purpose}${which}: add one to SIGNING_KEYS_FILE`);
  }
}

/** The members of the key itself, without kid, alg and use, as a `jwk` header has them (RFC 7515 §4.1.3). */
function bareKey(publicJwk: JWK): JWK {
  const naming = ['kid', 'alg', 'use'];
  return Object.fromEntries(Object.entries(publicJwk).filter(([member]) => !naming.includes(member)));
}
