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
/** Their lengths before the name. */
const HEADER = 30;
const ENTRY = 46;

/**
 * A ZIP in the order in which it is written: each member's header and bytes, at the end the directory. Members are stored, not
 * deflated: their bytes then depend on no version of zlib. Size and CRC of each are known before its header, so that no
 * descriptor follows it and every reader finds the same end. The caller writes what it is given, and gives no path twice.
 *
 * Of each member about 20 bytes are kept until the end. Its entry in the directory is also given to `onEntry`: a writer that is given
 * the same entries in the same order goes on where this one was.
 * @see APPNOTE.TXT §4.3, §4.4, §4.5.3
 */
export class ZipWriter {
  readonly #directory = new PackedBytes();
  #written = 0;
  #members = 0;

  // A field, because a worker thread may load this file with its types only stripped, which parameter properties do not allow.
  readonly #onEntry: (entry: Buffer) => void;

  constructor(onEntry: (entry: Buffer) => void = () => undefined) {
    this.#onEntry = onEntry;
  }

  /** A member that another writer has written: nothing is written again. */
  restore(entry: Buffer): void {
    const nameLength = entry.readUInt16LE(28);
    const isFar = entry.readUInt16LE(30) > 0;
    const place = isFar ? Number(entry.readBigUInt64LE(ENTRY + nameLength + 4)) : entry.readUInt32LE(42);
    if (place !== this.#written) throw new Error('the entry of a ZIP is restored out of its order');
    this.#directory.append(entry);
    this.#members += 1;
    this.#written += HEADER + nameLength + entry.readUInt32LE(24);
  }

  /** A member: its header, and the bytes themselves. */
  member(path: string, bytes: Uint8Array): readonly [header: Buffer, bytes: Uint8Array] {
    return [this.begin(path, { size: bytes.length, crc: crc32(bytes) }), bytes];
  }

  /** The header of a member whose bytes the caller writes next. */
  begin(path: string, { size, crc }: MemberFacts): Buffer {
    const isFar = this.#written >= MAX_32;
    const header = zeros(HEADER + path.length);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(isFar ? ZIP64 : PLAIN, 4);
    header.writeUInt16LE(FIRST_DAY_OF_1980, 12);
    header.writeUInt32LE(crc, 14);
    header.writeUInt32LE(size, 18);
    header.writeUInt32LE(size, 22);
    header.writeUInt16LE(path.length, 26);
    header.write(path, HEADER, 'latin1');
    const entry = this.#entry(path, header, isFar);
    this.#directory.append(entry);
    this.#onEntry(entry);
    this.#members += 1;
    this.#written += header.length + size;
    return header;
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
  #entry(path: string, header: Buffer, isFar: boolean): Buffer {
    const entry = zeros(ENTRY + path.length + (isFar ? ZIP64_FIELD : 0));
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(UNIX | ZIP64, 4);
    // From "version needed" to the length of the name the two say the same.
    header.copy(entry, 6, 4, 28);
    entry.writeUInt16LE(isFar ? ZIP64_FIELD : 0, 30);
    entry.writeUInt32LE((path.endsWith('.sh') ? SCRIPT_MODE : FILE_MODE) * 0x10000, 38);
    entry.writeUInt32LE(isFar ? MAX_32 : this.#written, 42);
    entry.write(path, ENTRY, 'latin1');
    if (isFar) {
      const field = ENTRY + path.length;
      entry.writeUInt16LE(1, field);
      entry.writeUInt16LE(8, field + 2);
      entry.writeBigUInt64LE(BigInt(this.#written), field + 4);
    }
    return entry;
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

/** From Node's pool, which `Buffer.alloc` does not use: an export has 28 of them for each consent. */
function zeros(length: number): Buffer {
  return Buffer.allocUnsafe(length).fill(0);
}

/** A ZIP of these members, in this order. */
export function packMembers(members: Iterable<readonly [path: string, bytes: Uint8Array]>): Buffer {
  const zip = new ZipWriter();
  const written = [...members].flatMap(([path, bytes]) => zip.member(path, bytes));
  return Buffer.concat([...written, ...zip.end()]);
}

/** A ZIP of one evidence folder, in a directory of its name. */
export function packFolder(name: string, files: ReadonlyMap<string, Uint8Array>): Buffer {
  return packMembers([...files].map(([file, bytes]) => [`${name}/${file}`, bytes]));
}
