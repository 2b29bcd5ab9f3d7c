import { crc32 } from 'node:zlib';
import { PackedBytes } from './packed-bytes.ts';

/** What stands before a member's bytes. */
export interface MemberFacts {
  readonly size: number;
  readonly crc: number;
}

const FILE_MODE = 0o100644;
const SCRIPT_MODE = 0o100755;
const UNIX = 3 << 8;
/** As DOS writes it, without a zone: the same bytes wherever and whenever the archive is made. */
const FIRST_DAY_OF_1980 = 0x21;
/** Versions of the specification that a reader must know. */
const PLAIN = 10;
const ZIP64 = 45;
const MAX_16 = 0xffff;
const MAX_32 = 0xffff_ffff;
const ZIP64_FIELD = 12;

/**
 * A ZIP in the order in which it is written: each member's header and bytes, at the end the directory. Members are stored, not
 * deflated: their bytes then depend on no version of zlib. Size and CRC of each are known before its header, so that no
 * descriptor follows it and every reader finds the same end. The caller writes what it is given, and gives no path twice.
 *
 * Of each member about 20 bytes are kept until the end.
 * @see APPNOTE.TXT §4.3, §4.4, §4.5.3
 */
export class ZipWriter {
  readonly #directory = new PackedBytes();
  #written = 0;
  #members = 0;

  /** A member: its header, and the bytes themselves. */
  member(path: string, bytes: Uint8Array): readonly [header: Buffer, bytes: Uint8Array] {
    return [this.begin(path, { size: bytes.length, crc: crc32(bytes) }), bytes];
  }

  /** The header of a member whose bytes the caller writes next. */
  begin(path: string, { size, crc }: MemberFacts): Buffer {
    const name = Buffer.from(path, 'latin1');
    const isFar = this.#written >= MAX_32;
    // From "version needed" to the length of the name the two headers say the same.
    const shared = Buffer.alloc(24);
    shared.writeUInt16LE(isFar ? ZIP64 : PLAIN, 0);
    shared.writeUInt16LE(FIRST_DAY_OF_1980, 8);
    shared.writeUInt32LE(crc, 10);
    shared.writeUInt32LE(size, 14);
    shared.writeUInt32LE(size, 18);
    shared.writeUInt16LE(name.length, 22);
    this.#directory.append(this.#entry(name, shared, isFar));
    this.#members += 1;
    this.#written += 30 + name.length + size;
    return Buffer.concat([word(0x04034b50), shared, Buffer.alloc(2), name]);
  }

  /** The directory, and where it is. */
  *end(): Generator<Buffer> {
    const { size } = this.#directory.finish();
    yield* this.#directory.read();
    const isZip64 = this.#members >= MAX_16 || this.#written >= MAX_32 || size >= MAX_32;
    if (isZip64) yield this.#zip64End(size);
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(Math.min(this.#members, MAX_16), 8);
    end.writeUInt16LE(Math.min(this.#members, MAX_16), 10);
    end.writeUInt32LE(Math.min(size, MAX_32), 12);
    end.writeUInt32LE(Math.min(this.#written, MAX_32), 16);
    yield end;
  }

  /** A member in the directory. One that begins beyond 4 GiB has its place in a field of its own. */
  #entry(name: Buffer, shared: Buffer, isFar: boolean): Buffer {
    const rest = Buffer.alloc(16);
    rest.writeUInt16LE(isFar ? ZIP64_FIELD : 0, 0);
    const mode = name.toString('latin1').endsWith('.sh') ? SCRIPT_MODE : FILE_MODE;
    rest.writeUInt32LE(mode * 0x10000, 8);
    rest.writeUInt32LE(isFar ? MAX_32 : this.#written, 12);
    const madeBy = Buffer.alloc(2);
    madeBy.writeUInt16LE(UNIX | ZIP64);
    const parts = [word(0x02014b50), madeBy, shared, rest, name];
    if (isFar) {
      const field = Buffer.alloc(ZIP64_FIELD);
      field.writeUInt16LE(1, 0);
      field.writeUInt16LE(8, 2);
      field.writeBigUInt64LE(BigInt(this.#written), 4);
      parts.push(field);
    }
    return Buffer.concat(parts);
  }

  #zip64End(size: number): Buffer {
    const end = Buffer.alloc(76);
    end.writeUInt32LE(0x06064b50, 0);
    end.writeBigUInt64LE(44n, 4);
    end.writeUInt16LE(UNIX | ZIP64, 12);
    end.writeUInt16LE(ZIP64, 14);
    end.writeBigUInt64LE(BigInt(this.#members), 24);
    end.writeBigUInt64LE(BigInt(this.#members), 32);
    end.writeBigUInt64LE(BigInt(size), 40);
    end.writeBigUInt64LE(BigInt(this.#written), 48);
    end.writeUInt32LE(0x07064b50, 56);
    end.writeBigUInt64LE(BigInt(this.#written + size), 64);
    end.writeUInt32LE(1, 72);
    return end;
  }
}

/** A ZIP of one evidence folder, in a directory of its name. */
export function packFolder(name: string, files: ReadonlyMap<string, Uint8Array>): Buffer {
  const zip = new ZipWriter();
  const members = [...files].flatMap(([file, bytes]) => zip.member(`${name}/${file}`, bytes));
  return Buffer.concat([...members, ...zip.end()]);
}

function word(signature: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(signature);
  return bytes;
}
