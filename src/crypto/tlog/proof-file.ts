import { findBase64 } from '../base64.ts';
import { Malformed } from '../malformed.ts';
import { findUtf8 } from '../utf8.ts';
import { parseCount } from './checkpoint.ts';
import { HASH_SIZE } from './merkle.ts';
import { parseNote } from './note.ts';

/** A leaf's proof, with the checkpoint that it leads to: a `.tlog-proof` file. */
export interface ProofFile {
  /** Bytes of the application, which the proof does not vouch for. */
  readonly extra?: Buffer;
  /** From zero. */
  readonly index: number;
  /** From the leaf's sibling upwards. */
  readonly proof: readonly Buffer[];
  /** The note of the checkpoint, byte for byte. */
  readonly checkpoint: Buffer;
}

const HEAD = 'c2sp.org/tlog-proof@v1';
/** The sizes of trees are below 2^63. */
const MAX_HASHES = 63;
const MAX_SIZE = 1_100_000;

/** The file's text. @see C2SP tlog-proof, *Format* */
export function formatProofFile({ extra, index, proof, checkpoint }: ProofFile): string {
  const lines = [HEAD, ...(extra ? [`extra ${extra.toString('base64')}`] : []), `index ${index}`];
  return [...lines, ...proof.map((hash) => hash.toString('base64')), '', checkpoint.toString()].join('\n');
}

/**
 * Reads a proof file; its checkpoint is a well-formed note, and nothing is verified.
 * @throws Malformed
 */
export function parseProofFile(bytes: Uint8Array): ProofFile {
  const text = bytes.length > MAX_SIZE ? undefined : findUtf8(bytes);
  const blank = text?.indexOf('\n\n') ?? -1;
  if (text === undefined || blank === -1) throw new Malformed('not a proof of a transparency log');
  const [head, ...lines] = text.slice(0, blank).split('\n');
  if (head !== HEAD) throw new Malformed('not a proof of a transparency log');
  const extra = lines[0]?.startsWith('extra ') ? decode(lines[0].slice('extra '.length)) : undefined;
  const [index = '', ...hashes] = extra ? lines.slice(1) : lines;
  if (!index.startsWith('index ')) throw new Malformed('a proof without an index');
  if (hashes.length > MAX_HASHES) throw new Malformed('a proof with more hashes than a tree has levels');
  const checkpoint = Buffer.from(text.slice(blank + 2));
  parseNote(checkpoint);
  const proof = hashes.map(decode);
  if (proof.some(({ length }) => length !== HASH_SIZE)) throw new Malformed('a hash that is not of 32 octets');
  return { ...(extra && { extra }), index: parseCount(index.slice('index '.length)), proof, checkpoint };
}

function decode(base64: string): Buffer {
  const octets = findBase64(base64);
  if (!octets) throw new Malformed('a proof with a line that is not base64');
  return octets;
}
