import { hash } from 'node:crypto';
import { attempt, Malformed } from '../../crypto/malformed.ts';
import { parseCheckpoint } from '../../crypto/tlog/checkpoint.ts';
import { isIncluded, leafHash } from '../../crypto/tlog/merkle.ts';
import { formatNote, parseNote } from '../../crypto/tlog/note.ts';
import { parseProofFile } from '../../crypto/tlog/proof-file.ts';
import type { Certificate } from '../../crypto/x509/certificate.ts';
import type { LedgerFinding, LedgerReason, TimestampFinding } from '../findings.ts';
import { judgeHead, type LedgerTrust, type ReceivedHead } from '../judge-head.ts';
import { verifyTimestamp } from './verify-timestamp.ts';

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
  const { index, hashes, head } = read;
  const { origin, size, root, note } = head;
  if (!isIncluded({ index, size, leaf: leafHash(digest), proof: hashes, root })) return unsound('proof');
  return judgeHead(head, { number: index + 1, timestamp: stampOf(note, origin, token, trust.timestamps) }, trust);
}

interface ReadProof {
  readonly index: number;
  readonly hashes: readonly Buffer[];
  readonly head: ReceivedHead;
}

function readProof(bytes: Uint8Array): ReadProof {
  const { index, proof: hashes, checkpoint: note } = parseProofFile(bytes);
  return { index, hashes, head: { ...parseCheckpoint(parseNote(note).text), note } };
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

function unsound(reason: LedgerReason): LedgerFinding {
  return { state: 'unsound', reason };
}
