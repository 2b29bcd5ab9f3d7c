import { generateKeyPairSync, sign } from 'node:crypto';
import { formatCheckpoint } from '../../../src/crypto/tlog/checkpoint.ts';
import { signNote } from '../../../src/crypto/tlog/note.ts';
import { formatProofFile } from '../../../src/crypto/tlog/proof-file.ts';
import { consistencyProof, inclusionProof, newTiles, rootOf, type ReadTile } from '../../../src/crypto/tlog/tiles.ts';
import { formatVerifierKey, verifierKey, type VerifierKey } from '../../../src/crypto/tlog/verifier-key.ts';

/** A head of a {@link SmallLog}. */
export interface SmallHead {
  readonly size: number;
  readonly root: Buffer;
  readonly note: string;
  readonly consistencyFrom: (older: number) => Promise<Buffer[]>;
}

/** A log in memory, with a key of its own. */
export class SmallLog {
  readonly key: VerifierKey;
  readonly tiles = new Map<string, Buffer>();
  readonly sign: (octets: Uint8Array) => Buffer;
  #size = 0;

  constructor(origin = `sigill.example/ledger/${'a2b3c4d5e6f7'.repeat(2)}ab`) {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    this.key = verifierKey(origin, publicKey);
    this.sign = (octets) => sign(null, octets, privateKey);
  }

  get vkey(): string {
    return formatVerifierKey(this.key);
  }

  readonly read: ReadTile = (path) => {
    const tile = this.tiles.get(path);
    return tile ? Promise.resolve(tile) : Promise.reject(new Error(`no ${path}`));
  };

  /** Adds entries and signs the head. */
  async grow(...entries: readonly Buffer[]): Promise<SmallHead> {
    for (const { path, bytes } of await newTiles(this.read, this.#size, entries)) this.tiles.set(path, bytes);
    this.#size += entries.length;
    return this.head();
  }

  /** The head of this size; each time the same, because Ed25519 draws nothing. */
  async head(size = this.#size): Promise<SmallHead> {
    const root = await rootOf(this.read, size);
    const note = await signNote(formatCheckpoint({ origin: this.key.name, size, root }), this);
    return { size, root, note, consistencyFrom: (older) => consistencyProof(this.read, older, size) };
  }

  /** The proof of the entry at `index`, from zero, in the newest head, as a bundle holds it. */
  async proofFile(index: number): Promise<Buffer> {
    const { size, note } = await this.head();
    const proof = await inclusionProof(this.read, index, size);
    return Buffer.from(formatProofFile({ index, proof, checkpoint: Buffer.from(note) }));
  }
}

/** So many entries, each another one. */
export function someEntries(count: number, from = 0): Buffer[] {
  return Array.from({ length: count }, (_, at) => {
    const entry = Buffer.alloc(32);
    entry.writeUInt32BE(from + at);
    return entry;
  });
}
