import { verify } from 'node:crypto';
import { findBase64 } from '../base64.ts';
import { Malformed } from '../malformed.ts';
import { findUtf8 } from '../utf8.ts';
import { isKeyName, type VerifierKey } from './verifier-key.ts';

/** A key with which notes are signed. */
export interface NoteSigner {
  readonly key: VerifierKey;
  /** An Ed25519 signature over the octets, 64 octets. */
  readonly sign: (octets: Uint8Array) => Uint8Array | Promise<Uint8Array>;
}

/** One line under a note's text. */
export interface NoteSignature {
  readonly name: string;
  /** Eight lower-case hexadecimal digits. */
  readonly keyId: string;
  /** What follows the key ID, as the kind of the key defines it. */
  readonly octets: Buffer;
}

/** A note that is well-formed; nothing is verified yet. */
export interface Note {
  /** It ends with a newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A signature that verifies. */
export interface VerifiedLine {
  readonly key: VerifierKey;
  /** When a witness signed, in seconds since 1970; a log's own signature says no time. */
  readonly time?: number;
}

/** A note whose signatures do not let its text be believed. */
export class UnverifiedNote extends Error {
  // A field, because a worker thread may load this file with its types only stripped.
  readonly reason: 'unknown-keys' | 'wrong-signature';

  constructor(reason: UnverifiedNote['reason']) {
    super(reason === 'unknown-keys' ? 'signed by no known key' : 'a signature of a known key does not verify');
    this.name = 'UnverifiedNote';
    this.reason = reason;
  }
}

const MAX_NOTE_SIZE = 1_000_000;
const MAX_SIGNATURES = 100;
const SIGNATURE_SIZE = 64;
const LINE = /^\u2014 (?<name>[^ ]+) (?<base64>[^ ]+)$/u;

/**
 * Splits a note into its text and its signatures.
 * @throws Malformed
 * @see C2SP signed-note, *Format*
 */
export function parseNote(bytes: Uint8Array): Note {
  if (bytes.length > MAX_NOTE_SIZE) throw new Malformed('a note of more than a million octets');
  const note = findUtf8(bytes);
  // eslint-disable-next-line no-control-regex -- the format names them
  if (note === undefined || /[\0-\x09\x0b-\x1f]/.test(note))
    throw new Malformed('a note with octets that it may not have');
  const blank = note.lastIndexOf('\n\n');
  if (blank === -1) throw new Malformed('a note without signatures');
  return { text: note.slice(0, blank + 1), signatures: parseSignatures(note.slice(blank + 2)) };
}

/**
 * Reads lines of signatures, each of which ends with a newline: those under a note, or those that a witness answers with.
 * @throws Malformed
 */
export function parseSignatures(lines: string): readonly NoteSignature[] {
  if (!lines.endsWith('\n')) throw new Malformed('signatures without a last newline');
  const each = lines.slice(0, -1).split('\n');
  if (each.length > MAX_SIGNATURES) throw new Malformed('more than a hundred signatures');
  return each.map((line) => {
    const { name = '', base64 = '' } = LINE.exec(line)?.groups ?? {};
    const octets = findBase64(base64);
    if (!isKeyName(name) || !octets || octets.length < 5) throw new Malformed('not the line of a signature');
    return { name, keyId: octets.toString('hex', 0, 4), octets: octets.subarray(4) };
  });
}

/** The line of a signature, with its newline. */
export function formatSignature({ name, keyId, octets }: NoteSignature): string {
  return `\u2014 ${name} ${Buffer.concat([Buffer.from(keyId, 'hex'), octets]).toString('base64')}\n`;
}

/** A note with these signatures, as it is served. */
export function formatNote({ text, signatures }: Note): string {
  return `${text}\n${signatures.map(formatSignature).join('')}`;
}

/**
 * Signs a text that ends with a newline.
 * @throws Malformed where a note cannot hold the text
 */
export async function signNote(text: string, { key, sign }: NoteSigner): Promise<string> {
  const octets = Buffer.from(await sign(Buffer.from(text)));
  const note = formatNote({ text, signatures: [{ name: key.name, keyId: key.keyId, octets }] });
  if (parseNote(Buffer.from(note)).text !== text) throw new Malformed('a text that a note cannot hold');
  return note;
}

/**
 * The text of a note, and who of `keys` signed it. Signatures of other keys count for nothing, even where they share a name or
 * an ID with a known key.
 * @throws Malformed
 * @throws UnverifiedNote where none of `keys` signed, or a signature of one of them does not verify
 * @see C2SP signed-note, *Signatures*
 */
export function openNote(
  bytes: Uint8Array,
  keys: readonly VerifierKey[],
): { readonly text: string; readonly verified: readonly VerifiedLine[] } {
  const note = parseNote(bytes);
  const verified = verifyLines(note.text, note.signatures, keys);
  if (verified.length === 0) throw new UnverifiedNote('unknown-keys');
  return { text: note.text, verified };
}

/**
 * Which of `keys` made these signatures over the text, each key once.
 * @throws UnverifiedNote where a signature of one of them does not verify
 */
export function verifyLines(
  text: string,
  signatures: readonly NoteSignature[],
  keys: readonly VerifierKey[],
): readonly VerifiedLine[] {
  const verified = new Map<VerifierKey, VerifiedLine>();
  for (const signature of signatures) {
    const key = keys.find(({ name, keyId }) => name === signature.name && keyId === signature.keyId);
    if (!key || verified.has(key)) continue;
    const line = verifyLine(text, signature.octets, key);
    if (!line) throw new UnverifiedNote('wrong-signature');
    verified.set(key, line);
  }
  return [...verified.values()];
}

function verifyLine(text: string, octets: Buffer, key: VerifierKey): VerifiedLine | undefined {
  if (key.kind === 'ed25519') return isSigned(text, octets, key) ? { key } : undefined;
  if (octets.length !== 8 + SIGNATURE_SIZE) return undefined;
  const seconds = octets.readBigUInt64BE();
  if (seconds > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  const time = Number(seconds);
  return isSigned(cosignedText(time, text), octets.subarray(8), key) ? { key, time } : undefined;
}

/** What a witness signs. @see C2SP tlog-cosignature, *Ed25519 signed message* */
export function cosignedText(time: number, checkpoint: string): string {
  return `cosignature/v1\ntime ${time}\n${checkpoint}`;
}

function isSigned(text: string, signature: Uint8Array, { publicKey }: VerifierKey): boolean {
  return signature.length === SIGNATURE_SIZE && verify(null, Buffer.from(text), publicKey, signature);
}
