import { createHash } from 'node:crypto';
import { isArrayBuffer } from 'node:util/types';
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

/** Beyond 32 KiB deflate looks back no further; larger blocks cost memory while they are packed, and save little. */
const BLOCK = 131_072;
/** With room to spare, so that zlib inflates a block in one piece. */
const INFLATED = BLOCK + 64;

/** What must be known of bytes before they are written. */
export interface PackedFacts {
  readonly size: number;
  readonly crc: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/**
 * Bytes that grow line by line and are written at the end. They are kept deflated, in memory: what lies on a disk would have to be
 * encrypted, removed after a crash, and find room. What is appended is copied: a line is mostly a piece of Node's pool too.
 */
export class PackedBytes {
  readonly #packed: Buffer[] = [];
  readonly #sum = createHash('sha256');
  readonly #block = Buffer.allocUnsafeSlow(BLOCK);
  #filled = 0;
  #size = 0;
  #crc = 0;

  append(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const part = bytes.subarray(at, at + BLOCK - this.#filled);
      this.#block.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === BLOCK) this.#pack();
    }
    this.#size += bytes.length;
  }

  /** Of what was appended; nothing may follow. */
  finish(): PackedFacts {
    this.#pack();
    return { size: this.#size, crc: this.#crc, sha256: this.#sum.digest('hex') };
  }

  /** All of them, block by block. */
  *read(): Generator<Buffer> {
    for (const block of this.#packed) yield unpack(block);
  }

  #pack(): void {
    const block = this.#block.subarray(0, this.#filled);
    this.#sum.update(block);
    this.#crc = crc32(block, this.#crc);
    const packed = deflateRawSync(block, { level: 1 });
    // Not in Node's pool: a piece of it would keep all of its 64 KiB.
    const kept = Buffer.allocUnsafeSlow(packed.length);
    packed.copy(kept);
    this.#packed.push(kept);
    this.#filled = 0;
  }
}

/**
 * A block, in memory of its own. zlib keeps what it inflates into, in V8's old generation, so that is freed here: of an export of
 * 100,000 consents these are 160 MB.
 */
function unpack(packed: Buffer): Buffer {
  const inflated = inflateRawSync(packed, { chunkSize: INFLATED });
  const block = Buffer.allocUnsafeSlow(inflated.length);
  inflated.copy(block);
  const { buffer } = inflated;
  if (isArrayBuffer(buffer) && buffer.byteLength === INFLATED) buffer.transfer(0);
  return block;
}
