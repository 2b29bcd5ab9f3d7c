import { createPublicKey, type KeyObject } from 'node:crypto';
import type { JsonObject } from '../../kernel/json.ts';
import { BASE64URL, REFUSED_IN_KEYS } from '../members/forms.ts';
import type { Faults } from './faults.ts';

/** For all RSA keys of clients, whether for signatures or for encryption. */
const RSA_MINIMUM_BITS = 2048;

/** A kind of key that may be registered: how it is recognised, the members that make it, and its one algorithm. */
export interface KeyForm<A extends string> {
  readonly kind: Readonly<Record<string, string>>;
  readonly parts: readonly string[];
  readonly algorithm: A;
  readonly names: readonly string[];
}

export interface RegisteredKey<A extends string> {
  readonly kid: string;
  readonly algorithm: A;
  readonly key: KeyObject;
}

/**
 * A public key by value, with a `kid` and exactly one algorithm.
 * @param right what kinds of key are right here
 */
export function parsePublicKey<A extends string>(
  jwk: JsonObject,
  forms: readonly KeyForm<A>[],
  right: string,
  faults: Faults,
): RegisteredKey<A> | undefined {
  const { kid, alg } = jwk;
  const refused = REFUSED_IN_KEYS.filter((member) => jwk[member] !== undefined);
  for (const member of refused)
    faults.add(`/${member}`, 'does not belong in a registered key: only public parts, by value, do');
  if (typeof kid !== 'string' || kid === '')
    faults.addForm('/kid', kid, 'the name of the key, as its signatures give it');
  const form = forms.find(({ kind }) => Object.entries(kind).every(([member, value]) => jwk[member] === value));
  if (!form) faults.add('', `is no key that may be registered: it must be ${right}`);
  if (!form || refused.length > 0) return undefined;
  if (alg !== undefined && !form.names.some((name) => name === alg))
    faults.addForm('/alg', alg, `${form.names.join(' or ')}, the only algorithm for this key`);
  const malformed = form.parts.filter((part) => !isBase64url(jwk[part]));
  for (const part of malformed) faults.addForm(`/${part}`, jwk[part], 'base64url of this part of the key');
  const key = malformed.length === 0 ? importKey(jwk, faults) : undefined;
  return key && typeof kid === 'string' ? { kid, algorithm: form.algorithm, key } : undefined;
}

function isBase64url(value: unknown): boolean {
  return typeof value === 'string' && BASE64URL.test(value);
}

function importKey(jwk: JsonObject, faults: Faults): KeyObject | undefined {
  const key = findPublicKey(jwk);
  const bits = key?.asymmetricKeyDetails?.modulusLength;
  if (!key) faults.addBeyondSchema('', 'cannot be read as a key: its parts do not belong together');
  else if (bits !== undefined && bits < RSA_MINIMUM_BITS)
    faults.addBeyondSchema('', `has ${bits} bits; RSA keys need ${RSA_MINIMUM_BITS}`);
  else return key;
  return undefined;
}

function findPublicKey(jwk: JsonObject): KeyObject | undefined {
  try {
    return createPublicKey({ key: { ...jwk }, format: 'jwk' });
  } catch {
    return undefined;
  }
}
