import { createPublicKey, hash, type KeyObject } from 'node:crypto';
import { findBase64 } from '../base64.ts';
import { Malformed } from '../malformed.ts';

/** What a key signs: the text of a note, or, as a witness, a time and the text of a checkpoint. */
export type KeyKind = 'ed25519' | 'cosignature';

/** A public key by which the signatures of a note are verified. */
export interface VerifierKey {
  readonly name: string;
  /** Eight lower-case hexadecimal digits. */
  readonly keyId: string;
  readonly kind: KeyKind;
  /** Ed25519. */
  readonly publicKey: KeyObject;
}

const typeOf: Readonly<Record<KeyKind, number>> = { ed25519: 0x01, cosignature: 0x04 };
const KEY_SIZE = 32;
const SPKI_OF_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');

/** Whether it may name a key: not empty, without white space, control characters and `+`. @see C2SP signed-note, *Format* */
export function isKeyName(name: string): boolean {
  return name !== '' && name.isWellFormed() && !/[\p{White_Space}\p{Cc}+]/u.test(name);
}

/**
 * The verifier key of an Ed25519 key.
 * @throws Malformed where the name cannot name a key, or the key is none of Ed25519
 * @see C2SP signed-note, *Signatures*; tlog-cosignature, *Format*
 */
export function verifierKey(name: string, publicKey: KeyObject, kind: KeyKind = 'ed25519'): VerifierKey {
  if (!isKeyName(name)) throw new Malformed('not the name of a key');
  if (publicKey.type !== 'public' || publicKey.asymmetricKeyType !== 'ed25519')
    throw new Malformed('not an Ed25519 key');
  const typed = typedOctets(publicKey, kind);
  const keyId = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), typed]), 'hex').slice(0, 8);
  return { name, keyId, kind, publicKey };
}

/**
 * Reads `<name>+<key ID>+<base64 of type and key>`, as logs and witnesses publish it.
 * @throws Malformed where it is no such text, of another type, or the ID is not that of the key
 * @see C2SP signed-note, *Verifier keys*
 */
export function parseVerifierKey(text: string): VerifierKey {
  const [, name = '', keyId, base64 = ''] = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/s.exec(text) ?? [];
  const octets = findBase64(base64);
  if (!octets) throw new Malformed('not a verifier key');
  const kind = (['ed25519', 'cosignature'] as const).find((each) => typeOf[each] === octets[0]);
  if (!kind || octets.length !== 1 + KEY_SIZE) throw new Malformed('a verifier key that is not of Ed25519');
  const key = verifierKey(name, ed25519Key(octets.subarray(1)), kind);
  if (key.keyId !== keyId) throw new Malformed('a verifier key with the ID of another key');
  return key;
}

/** The text that {@link parseVerifierKey} reads. */
export function formatVerifierKey({ name, keyId, kind, publicKey }: VerifierKey): string {
  return `${name}+${keyId}+${typedOctets(publicKey, kind).toString('base64')}`;
}

function typedOctets(publicKey: KeyObject, kind: KeyKind): Buffer {
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  return Buffer.concat([Buffer.of(typeOf[kind]), spki.subarray(-KEY_SIZE)]);
}

function ed25519Key(octets: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI_OF_ED25519, octets]), format: 'der', type: 'spki' });
}
