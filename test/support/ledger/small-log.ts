import { generateKeyPairSync, sign } from 'node:crypto';
import { formatCheckpoint } from '../../../src/crypto/tlog/checkpoint.ts';
import { signNote } from '../../../src/crypto/tlog/note.ts';
import {
  consistencyProof,
  newTiles,
  rootOf,
  withFiles,
  type ReadTile,
  type TileFile,
} from '../../../src/crypto/tlog/tiles.ts';
import { verifierKey, type VerifierKey } from '../../../src/crypto/tlog/verifier-key.ts';

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
  readonly files: TileFile[] = [];
  readonly sign: (octets: Uint8Array) => Buffer;
  #size = 0;

  constructor(origin: string) {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    this.key = verifierKey(origin, publicKey);
    this.sign = (octets) => sign(null, octets, privateKey);
  }

  readonly read: ReadTile = (path) => {
    const file = this.files.findLast((each) => each.path === path);
    return file ? Promise.resolve(file.bytes) : Promise.reject(new Error(`no ${path}`));
  };

  /** Adds entries and signs the head. */
  async grow(...entries: readonly Buffer[]): Promise<SmallHead> {
    const tiles = await newTiles(this.read, this.#size, entries);
    this.#size += entries.length;
    const size = this.#size;
    const root = await rootOf(withFiles(this.read, tiles), size);
    this.files.push(...tiles);
    const note = await signNote(formatCheckpoint({ origin: this.key.name, size, root }), this);
    return { size, root, note, consistencyFrom: (older) => consistencyProof(this.read, older, size) };
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
