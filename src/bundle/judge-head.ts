import type { Checkpoint } from '../crypto/tlog/checkpoint.ts';
import { isConsistent, isSame } from '../crypto/tlog/merkle.ts';
import { openNote, UnverifiedNote } from '../crypto/tlog/note.ts';
import { consistencyProof, type ReadTile } from '../crypto/tlog/tiles.ts';
import type { VerifierKey } from '../crypto/tlog/verifier-key.ts';
import type { Certificate } from '../crypto/x509/certificate.ts';
import type { LedgerFinding, LedgerPlace, LedgerReason, TimestampFinding } from './findings.ts';

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

/** A checkpoint that came with evidence, and is well-formed. */
export interface ReceivedHead extends Checkpoint {
  /** Byte for byte. */
  readonly note: Buffer;
}

/**
 * Judges a checkpoint to which a sound proof leads: who of the given keys signed it, and whether it and a kept one are of one history.
 * @param leaf the largest number that the proof leads to, and the timestamp of the checkpoint
 */
export async function judgeHead(
  head: ReceivedHead,
  leaf: { readonly number: number; readonly timestamp: TimestampFinding },
  trust: LedgerTrust,
): Promise<LedgerFinding> {
  const { origin, size, note } = head;
  const signedBy = signersOf(note, origin, trust.keysOf(origin));
  if (signedBy === 'wrong') return unsound('key');
  return compareKept(head, { origin, size, signedBy, ...leaf }, trust);
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
