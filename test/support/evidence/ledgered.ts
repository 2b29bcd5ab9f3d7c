import { generateKeyPairSync, hash, sign } from 'node:crypto';
import { formatCheckpoint } from '../../../src/crypto/tlog/checkpoint.ts';
import { signNote } from '../../../src/crypto/tlog/note.ts';
import { formatProofFile } from '../../../src/crypto/tlog/proof-file.ts';
import { inclusionProof, newTiles, rootOf, type ReadTile } from '../../../src/crypto/tlog/tiles.ts';
import { formatVerifierKey, verifierKey } from '../../../src/crypto/tlog/verifier-key.ts';

const ORIGIN = `sigill.example/ledger/${'a2b3c4d5e6f7'.repeat(2)}ab`;

/** A log in memory, with a key of its own. */
export class MemoryLog {
  readonly tiles = new Map<string, Buffer>();
  readonly #keys = generateKeyPairSync('ed25519');
  readonly #origin: string;
  #size = 0;

  constructor(origin = ORIGIN) {
    this.#origin = origin;
  }

  readonly readTile: ReadTile = (path) => {
    const tile = this.tiles.get(path);
    return tile ? Promise.resolve(tile) : Promise.reject(new Error(`no ${path}`));
  };

  get vkey(): string {
    return formatVerifierKey(verifierKey(this.#origin, this.#keys.publicKey));
  }

  async append(...entries: readonly Buffer[]): Promise<void> {
    for (const { path, bytes } of await newTiles(this.readTile, this.#size, entries)) this.tiles.set(path, bytes);
    this.#size += entries.length;
  }

  /** The note of the head of this size. */
  async checkpoint(size = this.#size): Promise<string> {
    const text = formatCheckpoint({ origin: this.#origin, size, root: await rootOf(this.readTile, size) });
    const key = verifierKey(this.#origin, this.#keys.publicKey);
    return signNote(text, { key, sign: (octets) => sign(null, octets, this.#keys.privateKey) });
  }

  /** The proof of the entry at `index`, from zero, in the head of this size. */
  async proof(index: number, size = this.#size): Promise<Buffer> {
    const proof = await inclusionProof(this.readTile, index, size);
    const checkpoint = Buffer.from(await this.checkpoint(size));
    return Buffer.from(formatProofFile({ index, proof, checkpoint }));
  }
}

/** An invented entry. */
export function entry(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
