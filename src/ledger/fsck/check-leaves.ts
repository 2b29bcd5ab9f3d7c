import { Injectable } from '@nestjs/common';
import { attempt, Malformed } from '../../crypto/malformed.ts';
import { CompactTree } from '../../crypto/tlog/compact-tree.ts';
import { ExpectedTiles } from '../../crypto/tlog/expected-tiles.ts';
import { HASH_SIZE, leafHash } from '../../crypto/tlog/merkle.ts';
import { TILE_WIDTH, tilePath } from '../../crypto/tlog/tile-path.ts';
import { parseBundle, type TileFile } from '../../crypto/tlog/tiles.ts';
import { Database } from '../../database/database.ts';
import { selectNext, type StoredCheckpoint } from '../heads/checkpoint.repository.ts';
import { selectLastNumber } from '../log/last-number.repository.ts';
import type { LedgerLog } from '../log/ledger-log.ts';
import { LedgerDirectory } from '../outside/ledger-directory.ts';
import type { LogFault } from './fsck-fault.ts';
import { selectCheckedLeaves, type CheckedLeaf } from './fsck.repository.ts';

/** What goes through all leaves of a log, in their order. */
interface Pass {
  readonly log: LedgerLog;
  /** How many leaves the kept tree has. */
  readonly kept: number;
  readonly tiles: ExpectedTiles;
  readonly tree: CompactTree;
  /** The next head of the database; undefined after the last one, and after the first whose root is wrong. */
  head: StoredCheckpoint | undefined;
}

/**
 * Compares the leaves of a log with their evidence, with the kept entries and tiles, and with the root of every head. Where a leaf is
 * missing or differs from the kept one, the kept one goes into the tree, so that one fault is named once.
 */
@Injectable()
export class LeafCheck {
  constructor(
    private readonly database: Database,
    private readonly directory: LedgerDirectory,
  ) {}

  /** @param lost counts the leaves without evidence; @throws DirectoryFault */
  async *faultsOf(log: LedgerLog, lost: () => void): AsyncGenerator<LogFault> {
    const kept = (await this.directory.largestCheckpoint(log.folder))?.size ?? 0;
    const last = await selectLastNumber(this.database, log.bank, log.kind);
    const head = await selectNext(this.database, log, 0);
    const pass: Pass = { log, kept, tiles: new ExpectedTiles(), tree: new CompactTree(), head };
    for (let first = 0; first < last; first += TILE_WIDTH) {
      const leaves = await selectCheckedLeaves(this.database, log, first, first + TILE_WIDTH);
      for (const { place } of leaves) if (place === 'lost') lost();
      yield* leaves.flatMap(faultsOfEvidence);
      yield* await this.#faultsOfGroup(pass, first, Math.min(last - first, TILE_WIDTH), leaves);
    }
  }

  async #faultsOfGroup(
    pass: Pass,
    first: number,
    count: number,
    leaves: readonly CheckedLeaf[],
  ): Promise<readonly LogFault[]> {
    const bundle = await this.#keptBundle(pass, first);
    const faults: LogFault[] = [...(bundle instanceof Malformed ? [this.#tileFault(bundle.message, first, pass)] : [])];
    const entries = bundle instanceof Malformed ? [] : bundle;
    const byNumber = new Map(leaves.map((leaf) => [leaf.number, leaf.digest]));
    for (let at = 0; at < count; at += 1) {
      const number = first + at + 1;
      const [digest, kept] = [byNumber.get(number), entries[at]];
      const isChanged = kept && digest && !kept.equals(digest);
      const isOfTile = isChanged && (await this.#isOfTile(pass, first, at, digest));
      if (isOfTile) faults.push(this.#tileFault('changed', first, pass));
      else if (isChanged) faults.push({ fault: 'leaf-changed', number });
      if (!digest) faults.push({ fault: 'number-missing', number });
      faults.push(...(await this.#grow(pass, (isOfTile ? digest : (kept ?? digest)) ?? Buffer.alloc(0))));
    }
    return faults;
  }

  /** The entries of a group; empty beyond the kept tree. */
  async #keptBundle({ log, kept }: Pass, first: number): Promise<readonly Buffer[] | Malformed> {
    const width = Math.min(kept - first, TILE_WIDTH);
    if (width <= 0) return [];
    const path = tilePath({ level: 'entries', index: first / TILE_WIDTH, width });
    const bytes = await this.directory.findTile(log.folder, path);
    return bytes ? attempt(() => parseBundle(bytes, width)) : new Malformed('missing');
  }

  /** Whether the digest, and not the entry that differs from it, is the one that the kept tile has. */
  async #isOfTile({ log, kept }: Pass, first: number, at: number, digest: Buffer): Promise<boolean> {
    const path = tilePath({ level: 0, index: first / TILE_WIDTH, width: Math.min(kept - first, TILE_WIDTH) });
    const tile = await this.directory.findTile(log.folder, path);
    return tile?.subarray(at * HASH_SIZE, (at + 1) * HASH_SIZE).equals(leafHash(digest)) === true;
  }

  #tileFault(reason: string, first: number, { kept }: Pass): LogFault {
    const width = Math.min(kept - first, TILE_WIDTH);
    const detail = tilePath({ level: 'entries', index: first / TILE_WIDTH, width });
    return { fault: reason === 'missing' ? 'tile-missing' : 'tile-changed', detail };
  }

  async #grow(pass: Pass, entry: Buffer): Promise<readonly LogFault[]> {
    const { log, kept, tiles, tree } = pass;
    tree.append(leafHash(entry));
    const faults: LogFault[] = [];
    if (tree.size <= kept) {
      const full = tiles.append(entry);
      const due = tree.size === kept ? [...full, ...tiles.partial()] : full;
      for (const tile of due) faults.push(...(await this.#faultsOfTile(log, tile)));
    }
    if (tree.size === pass.head?.size) {
      const isRight = pass.head.root.equals(tree.root());
      if (!isRight) faults.push({ fault: 'head-root', size: tree.size });
      pass.head = isRight ? await selectNext(this.database, log, tree.size) : undefined;
    }
    return faults;
  }

  async #faultsOfTile(log: LedgerLog, { path, bytes }: TileFile): Promise<readonly LogFault[]> {
    const kept = await this.directory.findTile(log.folder, path);
    if (!kept) return [{ fault: 'tile-missing', detail: path }];
    return kept.equals(bytes) ? [] : [{ fault: 'tile-changed', detail: path }];
  }
}

function faultsOfEvidence({ number, digest, place, stored }: CheckedLeaf): readonly LogFault[] {
  if (place !== 'here') return [];
  if (!stored) return [{ fault: 'evidence-missing', number }];
  return stored.equals(digest) ? [] : [{ fault: 'evidence-changed', number }];
}
