import { parseCheckpoint, type Checkpoint } from '../../crypto/tlog/checkpoint.ts';
import { parseNote } from '../../crypto/tlog/note.ts';
import { parseTilePath } from '../../crypto/tlog/tile-path.ts';
import type { ReadTile, TileFile } from '../../crypto/tlog/tiles.ts';
import { DirectoryFault } from './directory-fault.ts';
import { DurableFiles } from './durable-files.ts';

/** A checkpoint as it was kept. */
export interface KeptCheckpoint extends Checkpoint {
  /** The note, byte for byte. */
  readonly note: Buffer;
}

/** Tiles and the checkpoint that they lead to. */
export interface Publication {
  readonly tiles: readonly TileFile[];
  /** The log's own note. */
  readonly note: string;
}

/** The log of a bank's evidence, or that of its audit events. */
const LOG_ID = /^[a-z2-7]{26}(?:\/audit)?$/;
const BANK = /^[A-Za-z0-9][A-Za-z0-9._~-]*$/;
const KEPT = /^[0-9]{20}$/;

/**
 * LEDGER_DIRECTORY: tiles, entries, checkpoints and their timestamps, outside the database. All instances share it. Each file is
 * written once and never changed, but for `<log>/checkpoint`, which is replaced by each newer one. It is backed up by another
 * system than the database, and never restored with it.
 */
export class LedgerDirectory {
  readonly #files: DurableFiles;
  /** The largest size that was seen of each log. */
  readonly #largest = new Map<string, number>();

  /**
   * @param root an absolute path of a directory that is there
   * @param patienceMs see {@link DurableFiles}
   */
  constructor(root: string, patienceMs?: number) {
    this.#files = new DurableFiles(root, patienceMs);
  }

  /** @throws DirectoryFault `gone` */
  checkThere(): Promise<void> {
    return this.#files.checkRoot();
  }

  /**
   * Keeps which id a bank's logs have, for a database that was restored from before they were made.
   * @returns the id that was kept first: `logId`, unless the bank had one
   * @throws DirectoryFault
   */
  async claimLog(bank: string, logId: string): Promise<string> {
    if (!BANK.test(bank)) throw new TypeError('not the id of a client');
    const path = `logs/${bank}`;
    try {
      await this.#files.create([{ path, bytes: Buffer.from(folderOf(logId)) }]);
      return logId;
    } catch (error) {
      if (!(error instanceof DirectoryFault) || error.reason !== 'differs') throw error;
      return folderOf((await this.#files.find(path))?.toString() ?? '');
    }
  }

  /**
   * Writes what a head brought, in this order: tiles, the checkpoint under its size, the newest checkpoint. Writes the same again
   * after a crash.
   * @throws DirectoryFault `differs` where the log has another checkpoint or tile of this size
   * @throws Malformed where the note is no checkpoint
   */
  async publish(logId: string, { tiles, note }: Publication): Promise<void> {
    const bytes = Buffer.from(note);
    const { size } = readCheckpoint(bytes);
    await this.#files.create(tiles.map((tile) => ({ path: `${folderOf(logId)}/${tile.path}`, bytes: tile.bytes })));
    await this.#files.create([{ path: `${folderOf(logId)}/checkpoints/${padded(size)}`, bytes }]);
    await this.showNewest(logId, note);
  }

  /**
   * Makes a note the newest checkpoint, unless a larger one is. The note of the same size may have more signatures: those of
   * witnesses. One writer at a time: call it in the turn of the log.
   * @throws DirectoryFault
   */
  async showNewest(logId: string, note: string): Promise<void> {
    const bytes = Buffer.from(note);
    const shown = await this.#files.find(`${folderOf(logId)}/checkpoint`);
    if (shown && !isNewer(bytes, shown)) return;
    await this.#files.replace({ path: `${folderOf(logId)}/checkpoint`, bytes });
  }

  /** Writes tiles alone, where some are missing. @throws DirectoryFault `differs` */
  async writeTiles(logId: string, tiles: readonly TileFile[]): Promise<void> {
    await this.#files.create(tiles.map(({ path, bytes }) => ({ path: `${folderOf(logId)}/${path}`, bytes })));
  }

  /**
   * Keeps an RFC 3161 token of a checkpoint. A renewed one is kept beside the first.
   * @param nth 0 for the first token of this size
   * @throws DirectoryFault `differs`
   */
  async keepTimestamp(logId: string, size: number, token: Uint8Array, nth = 0): Promise<void> {
    await this.#files.create([{ path: timestampPath(logId, size, nth), bytes: token }]);
  }

  /** A token that was kept for a checkpoint. @throws DirectoryFault */
  async findTimestamp(logId: string, size: number, nth = 0): Promise<Buffer | undefined> {
    return this.#files.find(timestampPath(logId, size, nth));
  }

  /** The log's own checkpoint of a size. @throws DirectoryFault, Malformed where the file is none */
  async findCheckpoint(logId: string, size: number): Promise<KeptCheckpoint | undefined> {
    const note = await this.#files.find(`${folderOf(logId)}/checkpoints/${padded(size)}`);
    return note && readCheckpoint(note);
  }

  /** The newest checkpoint as it is served, with the signatures of witnesses. @throws DirectoryFault, Malformed */
  async findNewest(logId: string): Promise<KeptCheckpoint | undefined> {
    const note = await this.#files.find(`${folderOf(logId)}/checkpoint`);
    return note && readCheckpoint(note);
  }

  /**
   * The largest checkpoint that was ever kept here. It need not be the one that is shown as the newest: a process may have died before
   * it showed it, or one that was held up for long may have shown an older one. So all are listed at the first call for a log, and
   * where the one that is shown is smaller than one that is known.
   * @param atLeast the size of one that was published
   * @throws DirectoryFault, Malformed
   */
  async largestCheckpoint(logId: string, atLeast = 0): Promise<KeptCheckpoint | undefined> {
    const newest = await this.findNewest(logId);
    const known = this.#largest.get(logId) ?? Infinity;
    let largest = newest?.size ?? 0;
    if (largest < known || largest < atLeast)
      for await (const size of this.sizes(logId)) largest = Math.max(largest, size);
    this.#largest.set(logId, largest);
    if (newest?.size === largest) return newest;
    return largest === 0 ? undefined : this.#getCheckpoint(logId, largest);
  }

  /** The sizes of all kept checkpoints, in no order. @throws DirectoryFault */
  async *sizes(logId: string): AsyncGenerator<number> {
    for await (const name of this.#files.names(`${folderOf(logId)}/checkpoints`))
      if (KEPT.test(name)) yield Number(name);
  }

  /**
   * A reader of the log's tiles and bundles.
   * @throws DirectoryFault `missing`; Malformed for a path that is no tile's
   */
  readTile(logId: string): ReadTile {
    return async (path) => {
      const bytes = await this.findTile(logId, path);
      if (!bytes) throw new DirectoryFault('missing', `${folderOf(logId)}/${path}`);
      return bytes;
    };
  }

  /** A tile or a bundle as it was kept. @throws DirectoryFault; Malformed for a path that is no tile's */
  async findTile(logId: string, path: string): Promise<Buffer | undefined> {
    parseTilePath(path);
    return this.#files.find(`${folderOf(logId)}/${path}`);
  }

  async #getCheckpoint(logId: string, size: number): Promise<KeptCheckpoint> {
    const kept = await this.findCheckpoint(logId, size);
    if (!kept) throw new DirectoryFault('missing', `${folderOf(logId)}/checkpoints/${padded(size)}`);
    return kept;
  }
}

function readCheckpoint(note: Buffer): KeptCheckpoint {
  return { ...parseCheckpoint(parseNote(note).text), note };
}

function isNewer(note: Buffer, shown: Buffer): boolean {
  const [size, shownSize] = [readCheckpoint(note).size, readCheckpoint(shown).size];
  return size > shownSize || (size === shownSize && countSignatures(note) > countSignatures(shown));
}

function countSignatures(note: Buffer): number {
  return parseNote(note).signatures.length;
}

function folderOf(logId: string): string {
  if (!LOG_ID.test(logId)) throw new TypeError('not the id of a log');
  return logId;
}

function timestampPath(logId: string, size: number, nth: number): string {
  return `${folderOf(logId)}/timestamps/${padded(size)}${nth === 0 ? '' : `.${nth}`}.tsr`;
}

function padded(size: number): string {
  return String(size).padStart(20, '0');
}
