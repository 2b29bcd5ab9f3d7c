import type { FlattenedJWSInput, JWK } from 'jose';
import { parseJson } from '../../../crypto/json/canonical-json.ts';
import { attempt, Malformed } from '../../../crypto/malformed.ts';
import { isJsonObject } from '../../../kernel/json.ts';
import { UsageError } from '../files/exit-codes.ts';
import { readInput } from '../files/read-file.ts';

/** The seal of a manifest and its key. Only `--seal-key` shows whether the key is the exporter's. */
export interface Seal {
  readonly status: 'valid' | 'invalid' | 'missing';
  /** RFC 7638 thumbprint (SHA-256), to be compared with that of the exporter's key. */
  readonly keyThumbprint: string | null;
  /** Whether it is one of the keys given by `--seal-key`. */
  readonly key: 'trusted' | 'unknown' | 'not-compared';
}

const algorithms = ['ES256', 'EdDSA', 'PS256'];
const SEAL_TYPE = 'sigill-export';

/**
 * Verifies the detached JWS over manifest.json by the key in its own header.
 * @param trusted thumbprints of the keys that the caller vouches for
 * @see RFC 7515 appendix F, RFC 7797, RFC 7638
 */
export async function verifySeal(
  manifest: Uint8Array,
  seal: Uint8Array | undefined,
  trusted: ReadonlySet<string> | undefined,
): Promise<Seal> {
  if (!seal) return { status: 'missing', keyThumbprint: null, key: 'not-compared' };
  const { calculateJwkThumbprint, decodeProtectedHeader, errors, flattenedVerify, importJWK } = await import('jose');
  const [header = '', payload, signature = '', ...others] = Buffer.from(seal).toString('latin1').trimEnd().split('.');
  const invalid: Seal = { status: 'invalid', keyThumbprint: null, key: 'not-compared' };
  if (payload !== '' || others.length > 0) return invalid;
  try {
    const { jwk, alg, typ } = decodeProtectedHeader({ protected: header });
    if (!jwk || typ !== SEAL_TYPE) return invalid;
    const jws: FlattenedJWSInput = { protected: header, signature, payload: manifest };
    await flattenedVerify(jws, await importJWK(jwk, alg), { algorithms });
    const keyThumbprint = await calculateJwkThumbprint(jwk);
    const key = !trusted ? 'not-compared' : trusted.has(keyThumbprint) ? 'trusted' : 'unknown';
    return { status: 'valid', keyThumbprint, key };
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError || error instanceof DOMException)
      return invalid;
    throw error;
  }
}

/** Thumbprints of the keys in a JWKS file. @throws UsageError, NoInputError */
export async function readSealKeys(path: string): Promise<ReadonlySet<string>> {
  const { calculateJwkThumbprint } = await import('jose');
  const bytes = await readInput(path);
  const value = attempt(() => parseJson(bytes, 'any'));
  const keys = value instanceof Malformed || !isJsonObject(value) ? undefined : value['keys'];
  if (!Array.isArray(keys) || keys.length === 0) throw new UsageError(`${path} is not a JWKS (RFC 7517): {"keys":[…]}`);
  try {
    return new Set(await Promise.all(keys.map((key) => calculateJwkThumbprint(key as unknown as JWK))));
  } catch {
    throw new UsageError(`${path} holds something that is not a JWK`);
  }
}
