import { request, type Dispatcher } from 'undici';
import type { Witness } from '../../clients/clients.ts';
import { attempt, Malformed } from '../../crypto/malformed.ts';
import { parseCount } from '../../crypto/tlog/checkpoint.ts';
import { UnverifiedNote, parseNote, parseSignatures, verifyLines, type NoteSignature } from '../../crypto/tlog/note.ts';
import { SECOND_MS } from '../../kernel/clock.ts';
import { WitnessFailure, type WitnessFailureReason } from './witness-failure.ts';

/** A head that a witness is asked to cosign. */
export interface Submission {
  readonly size: number;
  /** The log's own note. */
  readonly note: string;
  /** The proof that this head continues the tree of `older` leaves. */
  readonly consistencyFrom: (older: number) => Promise<readonly Buffer[]>;
}

export const WITNESS_WITHIN_MS = 10 * SECOND_MS;
/** Between our calls another instance may have brought the witness a head. */
const MAX_CALLS = 3;
const MAX_ANSWER = 64 * 1024;

/**
 * Asks a witness to cosign a head, from the size that it is thought to have seen, and from the one that it names where that is
 * another.
 * @param known the size of the last head that it cosigned, 0 where that is not known
 * @returns its signature, which is verified
 * @throws WitnessFailure
 * @see C2SP tlog-witness, *add-checkpoint*
 */
export async function addCheckpoint(
  witness: Witness,
  submission: Submission,
  known: number,
  dispatcher: Dispatcher,
): Promise<NoteSignature> {
  let older = known;
  for (let call = 0; call < MAX_CALLS; call += 1) {
    const { status, text } = await post(witness.url, await bodyOf(submission, older), dispatcher);
    if (status === 200) return signatureIn(text, submission.note, witness);
    if (status !== 409) throw new WitnessFailure(refusals.get(status) ?? 'unreachable');
    const seen = attempt(() => parseCount(text.replace(/\n$/, '')));
    // It has seen a tree of this size, and the head has another root.
    if (seen instanceof Malformed || seen === older) throw new WitnessFailure('contradicts');
    if (seen > submission.size) throw new WitnessFailure('ahead');
    older = seen;
  }
  throw new WitnessFailure('unreachable');
}

const refusals: ReadonlyMap<number, WitnessFailureReason> = new Map([
  [400, 'malformed'],
  [403, 'unknown-key'],
  [404, 'unknown-log'],
  [422, 'inconsistent'],
] as const);

async function bodyOf({ note, consistencyFrom }: Submission, older: number): Promise<string> {
  const proof = await consistencyFrom(older);
  return [`old ${older}`, ...proof.map((hash) => hash.toString('base64')), '', note].join('\n');
}

async function post(prefix: string, body: string, dispatcher: Dispatcher): Promise<{ status: number; text: string }> {
  try {
    const { statusCode, body: answer } = await request(`${prefix}/add-checkpoint`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body,
      dispatcher,
      signal: AbortSignal.timeout(WITNESS_WITHIN_MS),
    });
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MAX_ANSWER) throw new WitnessFailure('malformed');
    }
    return { status: statusCode, text: Buffer.concat(chunks).toString() };
  } catch (error) {
    throw error instanceof WitnessFailure ? error : new WitnessFailure('unreachable', { cause: error });
  }
}

/** Signatures of other keys are ignored. */
function signatureIn(answer: string, note: string, { key }: Witness): NoteSignature {
  try {
    const signatures = parseSignatures(answer);
    const [verified] = verifyLines(parseNote(Buffer.from(note)).text, signatures, [key]);
    const line = signatures.find(({ name, keyId }) => name === key.name && keyId === key.keyId);
    if (verified && line) return line;
  } catch (error) {
    if (!(error instanceof UnverifiedNote) && !(error instanceof Malformed)) throw error;
  }
  throw new WitnessFailure('unsigned');
}
