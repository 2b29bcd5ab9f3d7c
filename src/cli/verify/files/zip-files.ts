import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import {
  ArchiveRefused,
  listArchive,
  readMember,
  type ByteSource,
  type Listing,
  type Member,
} from '../../../evidence-files/zip-archive.ts';
import { BUNDLE_FILE, EVIDENCE_LINES, exportLimits, FOLDER_LIST } from '../../../evidence-files/evidence-folder.ts';
import { LEDGER_LINES } from '../../../evidence-files/ledger-lines.ts';
import type { Files } from '../../../evidence-files/folder-checks.ts';
import { memberChunks } from './zip-chunks.ts';
import { unreadable } from './read-file.ts';

/** Files of one folder by their names. Plain data: another thread can read them. */
export type Members = ReadonlyMap<string, Member>;

/** As many members as the largest export has; it is read a folder at a time. What is kept of each is of a size with its entry in the directory. */
const limits = {
  members: exportLimits.members,
  memberBytes: (path: string): number => (path === EVIDENCE_LINES ? MAX_32 : sizeLimit(path)),
};

/** What a ZIP of Sigill says of the size of a member has 32 bits. A file that is read line by line may have them all. */
const MAX_32 = 0xffff_ffff;

const MEBIBYTE = 1024 * 1024;

const lists: readonly string[] = [FOLDER_LIST, 'index.csv', 'index.sv.csv', LEDGER_LINES];

/** The lists grow with the export; the files in a folder do not. */
export function sizeLimit(path: string): number {
  if (path === BUNDLE_FILE || path.endsWith(`/${BUNDLE_FILE}`)) return 8 * MEBIBYTE;
  return lists.includes(path) ? 128 * MEBIBYTE : 2 * MEBIBYTE;
}

/** The contents of a ZIP by folder; '' is the top. Nothing is unpacked to disk. */
export class Zip {
  readonly path: string;
  readonly folders: ReadonlyMap<string, Members>;
  readonly #file: ZipReader;

  private constructor(path: string, file: ZipReader, folders: ReadonlyMap<string, Members>) {
    this.path = path;
    this.#file = file;
    this.folders = folders;
  }

  /** @throws NoInputError, ArchiveRefused */
  static async open(path: string): Promise<Zip> {
    const file = new ZipReader(path);
    try {
      return new Zip(path, file, byFolder(await listArchive(file, limits)));
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** A file of a folder; undefined if there is none. @throws NoInputError, ArchiveRefused */
  read(folder: string, name: string): Buffer | undefined {
    const member = this.folders.get(folder)?.get(name);
    return member && this.#file.readOne(member, folder === '' ? name : `${folder}/${name}`);
  }

  /** A file at the top in pieces, however large it is. @throws NoInputError, ArchiveRefused */
  async *chunksOf(name: string): AsyncGenerator<Buffer> {
    const member = this.folders.get('')?.get(name);
    if (member) yield* memberChunks(this.#file, member);
  }

  close(): void {
    this.#file.close();
  }
}

/** Reads members of a ZIP that this or another thread has listed. */
export class ZipReader implements ByteSource {
  readonly path: string;
  readonly size: number;
  readonly #descriptor: number;
  /** What was read last, with some bytes ahead: small pieces are read one after the other. */
  #window: { readonly position: number; readonly octets: Buffer } = { position: 0, octets: Buffer.alloc(0) };

  /** @throws NoInputError */
  constructor(path: string) {
    this.path = path;
    try {
      this.#descriptor = openSync(path, 'r');
      this.size = fstatSync(this.#descriptor).size;
    } catch (error) {
      throw unreadable(path, error);
    }
  }

  /** @throws NoInputError */
  read(position: number, length: number): Buffer {
    if (length > WINDOW) return this.#readFile(position, length);
    const { position: begin, octets } = this.#window;
    const isInside = position >= begin && position + length <= begin + octets.length;
    if (!isInside) this.#window = { position, octets: this.#readFile(position, WINDOW) };
    const start = position - this.#window.position;
    return this.#window.octets.subarray(start, start + length);
  }

  /** @throws NoInputError, ArchiveRefused */
  readOne(member: Member, path: string): Buffer {
    return readMember(this, member, sizeLimit(path));
  }

  /** A whole evidence folder, in memory. @throws NoInputError, ArchiveRefused */
  readAll(members: Members): Files {
    const total = [...members.values()].reduce((sum, { size }) => sum + size, 0);
    if (members.size > FOLDER_MEMBERS || total > FOLDER_BYTES) {
      throw new ArchiveRefused('zip.too-large-together');
    }
    return new Map([...members].map(([name, member]) => [name, this.readOne(member, name)]));
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #readFile(position: number, length: number): Buffer {
    const octets = Buffer.allocUnsafe(Math.max(0, Math.min(length, this.size - position)));
    let read = 0;
    try {
      while (read < octets.length) {
        const count = readSync(this.#descriptor, octets, read, octets.length - read, position + read);
        if (count === 0) break;
        read += count;
      }
    } catch (error) {
      throw unreadable(this.path, error);
    }
    return octets.subarray(0, read);
  }
}

const WINDOW = 131_072;
/** No export of Sigill comes near. */
const FOLDER_MEMBERS = 64;
const FOLDER_BYTES = 16 * MEBIBYTE;

function byFolder({ members, folders: empty }: Listing): ReadonlyMap<string, Members> {
  const folders = new Map(empty.map((name) => [name, new Map<string, Member>()] as const));
  for (const [path, member] of members) {
    const slash = path.indexOf('/');
    const folder = slash === -1 ? '' : path.slice(0, slash);
    const found = folders.get(folder) ?? new Map<string, Member>();
    folders.set(folder, found.set(path.slice(slash + 1), member));
  }
  return folders;
}
