import { hash } from 'node:crypto';
import { attempt, Malformed } from '../../crypto/malformed.ts';
import { parseCheckpoint, type Checkpoint } from '../../crypto/tlog/checkpoint.ts';
import { isConsistent, isIncluded, isSame, leafHash } from '../../crypto/tlog/merkle.ts';
import { formatNote, openNote, parseNote, UnverifiedNote } from '../../crypto/tlog/note.ts';
import { parseProofFile } from '../../crypto/tlog/proof-file.ts';
import { consistencyProof, type ReadTile } from '../../crypto/tlog/tiles.ts';
import type { VerifierKey } from '../../crypto/tlog/verifier-key.ts';
import type { Certificate } from '../../crypto/x509/certificate.ts';
import type { LedgerFinding, LedgerPlace, LedgerReason, TimestampFinding } from '../findings.ts';
import { verifyTimestamp } from './verify-timestamp.ts';

/** What a verifier knows of ledgers besides what came with the evidence. */
export interface LedgerTrust {
  /** The keys that may sign a checkpoint of this origin: the log's, and those of witnesses. Without any, no signature is checked. */
  readonly keysOf: (origin: string) => readonly VerifierKey[];
  /** A checkpoint that the verifier kept. */
  readonly kept: Checkpoint | undefined;
  /** Reads tiles of the log of this origin, if it can. */
  readonly tilesOf: ((origin: string) => ReadTile) | undefined;
  /** Certificates of timestamp authorities, or of those that issue theirs. */
  readonly timestamps: readonly Certificate[];
}

/** What a bundle says of its place in the ledger. */
export interface LedgerProof {
  /** C2SP tlog-proof. */
  readonly proof: Uint8Array;
  /** RFC 3161 token over the log's own note. */
  readonly token: Uint8Array | undefined;
}

/**
 * Verifies that `digest` is a leaf of the log whose checkpoint came with the proof, and compares that checkpoint with a kept one.
 * @param digest the evidence digest, 32 bytes: the entry of the log
 * @see C2SP tlog-proof; RFC 6962 §2.1
 */
export async function verifyLedgerProof(
  { proof, token }: LedgerProof,
  digest: Uint8Array,
  trust: LedgerTrust,
): Promise<LedgerFinding> {
  const read = attempt(() => readProof(proof));
  if (read instanceof Malformed) return unsound('format');
  const { index, hashes, checkpoint, note } = read;
  const { origin, size, root } = checkpoint;
  if (!isIncluded({ index, size, leaf: leafHash(digest), proof: hashes, root })) return unsound('proof');
  const signedBy = signersOf(note, origin, trust.keysOf(origin));
  if (signedBy === 'wrong') return unsound('key');
  const timestamp = stampOf(note, origin, token, trust.timestamps);
  return compareKept(checkpoint, { origin, number: index + 1, size, signedBy, timestamp }, trust);
}

interface ReadProof {
  readonly index: number;
  readonly hashes: readonly Buffer[];
  readonly checkpoint: Checkpoint;
  readonly note: Buffer;
}

function readProof(bytes: Uint8Array): ReadProof {
  const { index, proof: hashes, checkpoint: note } = parseProofFile(bytes);
  return { index, hashes, checkpoint: parseCheckpoint(parseNote(note).text), note };
}

/**
 * The names of those keys that signed; `wrong` if none did, or one did so wrongly. A log signs no checkpoint but its own: the name in a
 * line is not signed, so that a line over the checkpoint of one log can be given the name of another whose key is the same.
 * @see C2SP tlog-checkpoint, *Signatures*
 */
function signersOf(note: Buffer, origin: string, keys: readonly VerifierKey[]): readonly string[] | 'wrong' {
  if (keys.length === 0) return [];
  try {
    const fitting = keys.filter(({ kind, name }) => kind === 'cosignature' || name === origin);
    return openNote(note, fitting).verified.map(({ key }) => key.name);
  } catch (error) {
    if (error instanceof UnverifiedNote) return 'wrong';
    throw error;
  }
}

/** A token is over the note as the log signed it: witnesses add their lines later. */
function stampOf(
  note: Buffer,
  origin: string,
  token: Uint8Array | undefined,
  trust: readonly Certificate[],
): TimestampFinding {
  if (!token) return { state: 'none' };
  const { text, signatures } = parseNote(note);
  const own = formatNote({ text, signatures: signatures.filter(({ name }) => name === origin) });
  return verifyTimestamp(token, { algorithm: 'sha256', digest: hash('sha256', own, 'buffer') }, trust);
}

async function compareKept(
  { origin, size, root }: Checkpoint,
  place: LedgerPlace,
  { kept, tilesOf }: LedgerTrust,
): Promise<LedgerFinding> {
  if (!kept) return { state: 'exporters-word', ...place };
  if (kept.origin !== origin) return unsound('other-log');
  const proved = { state: 'proved', ...place, keptSize: kept.size } as const;
  if (kept.size === size) return isSame(kept.root, root) ? proved : unsound('split-view');
  if (!tilesOf) return { state: 'exporters-word', ...place, reason: 'tiles-needed' };
  const [older, newer] = kept.size < size ? [kept, { size, root }] : [{ size, root }, kept];
  const proof = await findConsistencyProof(tilesOf(origin), older.size, newer.size);
  if (!proof) return { state: 'exporters-word', ...place, reason: 'tiles-unreadable' };
  if (!isConsistent({ older, newer, proof })) return unsound('inconsistent');
  const isVouchedFor = place.number <= kept.size || place.signedBy.length > 0;
  return isVouchedFor ? proved : { state: 'exporters-word', ...place, reason: 'not-covered' };
}

/** Undefined where the tiles cannot be read, or are malformed: then nothing is known. */
async function findConsistencyProof(
  readTile: ReadTile,
  older: number,
  newer: number,
): Promise<readonly Buffer[] | undefined> {
  try {
    return await consistencyProof(readTile, older, newer);
  } catch {
    return undefined;
  }
}

function unsound(reason: LedgerReason): LedgerFinding {
  return { state: 'unsound', reason };
}
