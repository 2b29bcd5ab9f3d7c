import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  randomBytes,
  randomUUID,
  timingSafeEqual,
  type CipherGCM,
  type KeyObject,
} from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError } from '../kernel/errors.ts';
import { freeMemory } from '../kernel/memory/free-memory.ts';
import type { KeyRing } from '../config/key-ring.ts';
import type { Scope } from '../database/database.ts';
import { findWrappedKey, findWrappedKeys } from './envelope/data-key.repository.ts';
import type { WrappedKey } from './wrapped-key.ts';

const VERSION = 1;
const AES_256_GCM = 1;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
const KEY_ID_LENGTH = 16;
const MAC_LENGTH = 32;
const EVIDENCE_KEY_MISSING = 'EVIDENCE_KEY_FILE no longer holds a key under which this was sealed';
const LOOKUP_KEY_MISSING = 'LOOKUP_KEY_FILE no longer holds a key under which this was written';
const HEADER_LENGTH = 2 + KEY_ID_LENGTH;
/** By how many octets a sealed value is longer than what it holds. */
export const SEALED_OVERHEAD = HEADER_LENGTH + NONCE_LENGTH + TAG_LENGTH;

/** Of which row a sealed value is. */
export interface SealedPlace {
  readonly kind: string;
  readonly id: string;
}

/** The data key of one subject, unwrapped. It is kept no longer than the operation that needs it, and never cached. */
export class DataKey {
  readonly subject: string;
  readonly #keyId: Buffer;
  readonly #key: KeyObject;

  constructor(subject: string, keyId: string, key: Buffer) {
    this.subject = subject;
    this.#keyId = uuidBytes(keyId);
    this.#key = createSecretKey(key);
  }

  /**
   * Encrypts `plaintext` for the row (`kind`, `id`) of this subject.
   * Result: version (1) ‖ algorithm (1) ‖ key id (16) ‖ nonce (12) ‖ AES-256-GCM ciphertext ‖ tag (16).
   */
  seal(kind: string, id: string, plaintext: Uint8Array): Buffer {
    const sealed = Buffer.allocUnsafe(plaintext.length + SEALED_OVERHEAD);
    this.sealInto(sealed, 0, { kind, id }, plaintext);
    return sealed;
  }

  /**
   * The same, written into memory of the caller, so that a large value is copied once.
   * @param target has room for the plaintext and {@link SEALED_OVERHEAD} octets from `at` on
   * @returns where in `target` it ends
   */
  sealInto(target: Buffer, at: number, { kind, id }: SealedPlace, plaintext: Uint8Array): number {
    const nonce = randomBytes(NONCE_LENGTH);
    const cipher = newCipher(this.#key, nonce, additionalData(this.subject, kind, id));
    const sealed = cipher.update(plaintext);
    // GCM has no rest, but the tag needs the end.
    cipher.final();
    let end = at;
    for (const part of [Buffer.of(VERSION, AES_256_GCM), this.#keyId, nonce, sealed, cipher.getAuthTag()]) {
      target.set(part, end);
      end += part.length;
    }
    freeMemory(sealed);
    return end;
  }

  /** @throws when the ciphertext was made for another row, kind or subject, or was changed */
  open(kind: string, id: string, sealed: Uint8Array): Buffer {
    const header = Buffer.from(sealed.subarray(0, HEADER_LENGTH));
    if (header[0] !== VERSION || header[1] !== AES_256_GCM)
      throw new Error(`a sealed ${kind} has an unknown version or algorithm`);
    if (!header.subarray(2).equals(this.#keyId)) throw new Error(`a sealed ${kind} was sealed with another data key`);
    return decrypt(this.#key, additionalData(this.subject, kind, id), sealed.subarray(HEADER_LENGTH));
  }
}

/** A data key and its stored form. */
export interface NewDataKey {
  readonly key: DataKey;
  readonly stored: WrappedKey;
}

/** Envelope encryption with one data key per subject, wrapped by the evidence key; and keyed hashes for look-up. */
@Injectable()
export class Envelope {
  readonly #evidence: ImportedKeys;
  readonly #lookup: ImportedKeys;
  readonly #subjects: ImportedKeys;

  constructor(evidence: KeyRing, lookup: KeyRing, subjects: KeyRing) {
    this.#evidence = importKeys(evidence);
    this.#lookup = importKeys(lookup);
    this.#subjects = importKeys(subjects);
  }

  /** Makes the data key of a new subject. The caller stores it in the same statement as what it seals. */
  newDataKey(subject: string): NewDataKey {
    const key = randomBytes(32);
    const keyId = randomUUID();
    const kekId = this.#evidence.current;
    const wrapped = encrypt(keyOf(this.#evidence, kekId), additionalData(subject, 'data-key', keyId), key);
    return { key: new DataKey(subject, keyId, key), stored: { subject, keyId, kekId, wrapped } };
  }

  /** The data key of a subject: one SELECT. @throws if it was erased or never made */
  async getDataKey(scope: Scope, subject: string): Promise<DataKey> {
    return this.unwrapFound(subject, await findWrappedKey(scope, subject));
  }

  async findDataKey(scope: Scope, subject: string): Promise<DataKey | undefined> {
    const stored = await findWrappedKey(scope, subject);
    return stored && this.unwrap(stored);
  }

  /** The data keys of several subjects, by subject: one SELECT. One that was erased is left out. */
  async findDataKeys(scope: Scope, subjects: readonly string[]): Promise<ReadonlyMap<string, DataKey>> {
    const stored = await findWrappedKeys(scope, subjects);
    return new Map(stored.map((one) => [one.subject, this.unwrap(one)]));
  }

  /** A data key that was read together with what it sealed. @throws DomainError `service.key-missing` */
  unwrap({ subject, keyId, kekId, wrapped }: WrappedKey): DataKey {
    if (!this.#evidence.keys.has(kekId)) throw new DomainError('service.key-missing', { log: EVIDENCE_KEY_MISSING });
    const aad = additionalData(subject, 'data-key', keyId);
    return new DataKey(subject, keyId, decrypt(keyOf(this.#evidence, kekId), aad, wrapped));
  }

  /** The same for the key of `subject`, which must exist. @throws if it was erased or never made */
  unwrapFound(subject: string, found: WrappedKey | undefined): DataKey {
    if (!found) throw new Error(`the data key of ${subject} does not exist or was erased`);
    return this.unwrap(found);
  }

  /**
   * A keyed hash by which a value (a personal number) can be found again, but not guessed without the key:
   * length and id of the look-up key ‖ HMAC-SHA256(key, kind ‖ 0 ‖ value).
   */
  lookupHash(kind: string, value: string): Buffer {
    return keyedHash(this.#lookup, this.#lookup.current, kind, value);
  }

  /**
   * Whether `stored` is the hash of `value` under the key that it names.
   * @throws DomainError `service.key-missing`: a hash under a key that the ring lacks can be neither confirmed nor refuted
   */
  isLookupHash(stored: Buffer, kind: string, value: string): boolean {
    const keyId = stored.toString('latin1', 1, 1 + (stored[0] ?? 0));
    if (stored.length !== 1 + keyId.length + MAC_LENGTH) return false;
    if (!this.#lookup.keys.has(keyId)) throw lookupKeyMissing();
    return timingSafeEqual(stored, keyedHash(this.#lookup, keyId, kind, value));
  }

  /** The ids of all look-up keys in the ring. */
  get lookupKeyIds(): readonly string[] {
    return [...this.#lookup.keys.keys()];
  }

  /** The keyed hash by which one client knows a person. It has a key of its own, so rotating the look-up key does not change it. */
  pairwiseHash(value: string): Buffer {
    return keyedHash(this.#subjects, this.#subjects.current, 'pairwise-subject', value);
  }

  /** The hashes of `value` under every look-up key of the ring, to find what an older key wrote. */
  lookupHashes(kind: string, value: string): Buffer[] {
    return [...this.#lookup.keys.keys()].map((keyId) => keyedHash(this.#lookup, keyId, kind, value));
  }
}

/** For a keyed hash that cannot be checked, because the ring lacks the look-up key that it names. */
export function lookupKeyMissing(): DomainError {
  return new DomainError('service.key-missing', { log: LOOKUP_KEY_MISSING });
}

/** The keys of a ring, imported once: importing the bytes at each use takes five times as long as the encryption. */
interface ImportedKeys {
  readonly current: string;
  readonly keys: ReadonlyMap<string, KeyObject>;
}

function importKeys({ current, keys }: KeyRing): ImportedKeys {
  return { current, keys: new Map([...keys].map(([id, key]) => [id, createSecretKey(key.reveal())])) };
}

function keyOf({ keys }: ImportedKeys, id: string): KeyObject {
  const key = keys.get(id);
  if (!key) throw new Error(`the key ring lacks the key ${id}`);
  return key;
}

function keyedHash(ring: ImportedKeys, keyId: string, kind: string, value: string): Buffer {
  const mac = createHmac('sha256', keyOf(ring, keyId)).update(`${kind}\0${value}`, 'utf8').digest();
  return Buffer.concat([Buffer.from([keyId.length]), Buffer.from(keyId, 'ascii'), mac]);
}

function encrypt(key: KeyObject, aad: Uint8Array, plaintext: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_LENGTH);
  const cipher = newCipher(key, nonce, aad);
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function newCipher(key: KeyObject, nonce: Uint8Array, aad: Uint8Array): CipherGCM {
  return createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_LENGTH }).setAAD(aad);
}

function decrypt(key: KeyObject, aad: Uint8Array, sealed: Uint8Array): Buffer {
  if (sealed.length < NONCE_LENGTH + TAG_LENGTH) throw new Error('a sealed value was truncated');
  const nonce = sealed.subarray(0, NONCE_LENGTH);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_LENGTH }).setAAD(aad);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_LENGTH));
  const opened = decipher.update(sealed.subarray(NONCE_LENGTH, sealed.length - TAG_LENGTH));
  try {
    // It checks the tag; GCM has no rest.
    decipher.final();
    return opened;
  } catch (cause) {
    throw new Error('a sealed value was altered, or was sealed for another row or under another key', { cause });
  }
}

/** Length-prefixed, so different triples never give the same bytes. */
function additionalData(subject: string, kind: string, id: string): Buffer {
  let size = 0;
  const parts = [String(VERSION), subject, kind, id];
  for (const part of parts) size += 4 + Buffer.byteLength(part, 'utf8');
  const data = Buffer.allocUnsafe(size);
  let at = 0;
  for (const part of parts) {
    const length = data.write(part, at + 4, 'utf8');
    at = data.writeUInt32BE(length, at) + length;
  }
  return data;
}

function uuidBytes(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}
