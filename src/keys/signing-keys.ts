import { constants, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CompactSign, type CompactJWSHeaderParameters, type JSONWebKeySet } from 'jose';
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
