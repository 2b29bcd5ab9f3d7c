import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Database, type Scope } from '../../database/database.ts';
import { addMs, MINUTE_MS } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { freeMemory } from '../../kernel/memory/free-memory.ts';
import type { DataKey } from '../../vault/envelope.ts';
import { ArchiveNotes } from '../export/archive-notes.ts';
import type { Cursor } from '../export/authorised-consent.repository.ts';
import { ConsentFiles } from '../export/consent-files.ts';
import { ConsentPages, type FoundConsent } from '../export/consent-pages.ts';
import { ExportArchive } from '../export/export-archive.ts';
import type { Manifest } from '../export/manifest.ts';
import { Manifests } from '../export/manifests.ts';
import type { ExportRequest } from '../export-request.ts';
import { openNames } from './export-names.ts';
import { requestOf, type ClaimedOrder, type Progress } from './export-order.ts';
import { ExportJournal } from './export-journal.ts';
import { finishExportOrder, insertExportMembers, saveExportProgress } from './export-order.repository.ts';
import { AttemptFiles } from './result/attempt-files.ts';
import type { ResultFiles } from './result/export-results.ts';
import { readSealed } from './result/sealed-file.ts';

/** How long an instance may be silent before another goes on. A page takes a fraction of a second. */
export const LEASE_MS = MINUTE_MS;

/** Another attempt has begun, or the order has ended: this one has nothing more to do. */
export class OrderLost extends Error {}

/** Evidence that was in the result was erased, and the key of the result with it. */
export class OrderErased extends Error {}

/** `early`: evidence of the period has no number in the ledger yet, or no published head has it. `stopped`: it was told to. */
export type AttemptEnd = 'done' | 'stopped' | 'early';

/** One attempt, and how far its result has come. */
interface Attempt {
  readonly order: ClaimedOrder;
  readonly request: ExportRequest;
  readonly key: DataKey;
  readonly files: AttemptFiles;
  readonly manifest: Manifest;
  readonly archive: ExportArchive;
}

/** Consents to be written, and the last one that was read. */
interface ReadPage {
  readonly page: readonly FoundConsent[];
  readonly last: Cursor | undefined;
}

/**
 * One attempt at an order. After each page its folders, and the notes of what the archive must know at its end, are on disk before the
 * cursor says so; the cursor and the events of the page's consents are one transaction, and before the first of it is written they are
 * members. So an attempt that ends anywhere leaves nothing that the next one would repeat or miss. The end, from the lists on, is written
 * anew by each attempt.
 */
@Injectable()
export class ExportWork {
  constructor(
    private readonly database: Database,
    private readonly journal: ExportJournal,
    private readonly pages: ConsentPages,
    private readonly consents: ConsentFiles,
    private readonly manifests: Manifests,
  ) {}

  /**
   * @param goesOn asked after each page
   * @throws OrderLost, OrderErased, OrderUnapproved, and what the file system, the database, the vault or the sealing throws
   */
  async run(order: ClaimedOrder, { key, pathOf }: ResultFiles, goesOn: () => boolean): Promise<AttemptEnd> {
    const { exportId, saved } = order;
    if (!key) throw new OrderErased();
    const request = requestOf(order, openNames(key, exportId, order.namesSealed));
    const manifest = await this.#begin(order, request);
    if (manifest === 'early') return manifest;
    const files = await AttemptFiles.create({ exportId, attempt: order.attempt, key, pathOf }, saved);
    try {
      const archive = new ExportArchive(manifest, new ArchiveNotes());
      if (saved) await archive.restore(files.read('notes'));
      const attempt: Attempt = { order, request, key, files, manifest, archive };
      if (!(await this.#writePages(attempt, goesOn))) return 'stopped';
      await this.#writeEnd(attempt);
      await this.#finish(attempt, pathOf(order.attempt, 'result'), await files.finish());
      return 'done';
    } finally {
      await files.close();
    }
  }

  /** Nothing waits here: another order may be done meanwhile. */
  async #begin(order: ClaimedOrder, request: ExportRequest): Promise<Manifest | 'early'> {
    const { exportId, orderedAt } = order;
    const approval = await this.journal.approvalOf(order);
    try {
      return await this.manifests.begin(exportId, request, { orderedAt, approval, patienceMs: 0 });
    } catch (error) {
      if (error instanceof DomainError && error.code === 'ledger.unavailable') return 'early';
      throw error;
    }
  }

  /** Each page is written while the one after is read and the one before is saved, which are saved one after the other. */
  async #writePages(attempt: Attempt, goesOn: () => boolean): Promise<boolean> {
    let next = this.#readPage(attempt, attempt.order.saved?.after);
    let saving = Promise.resolve();
    try {
      for (;;) {
        const { page, last } = await next;
        if (!last) break;
        next = this.#readPage(attempt, last);
        // What fails meanwhile is thrown where it is awaited, unless this attempt ends before.
        next.catch(() => undefined);
        await this.#writePage(attempt, page);
        const progress = await this.#progress(attempt, last);
        await saving;
        saving = this.#save(attempt, page, progress);
        saving.catch(() => undefined);
        if (!goesOn()) {
          await saving;
          return false;
        }
      }
      await saving;
      return true;
    } finally {
      // Nothing is done later of an attempt that has ended.
      await Promise.allSettled([next, saving]);
    }
  }

  /**
   * The page after a consent, whose consents are members from then on, before an octet of them is in a file: an attempt that dies
   * leaves its files, whose key must go with any evidence in them.
   * @returns no `last` after the last page
   */
  async #readPage({ request, order, manifest }: Attempt, after: Cursor | undefined): Promise<ReadPage> {
    const found = await this.pages.read(request, after);
    const page = found.filter(({ consent }) => manifest.answersFor(consent.course.number));
    await addMembers(this.database, order, page);
    return { page, last: found.at(-1)?.consent };
  }

  async #writePage({ archive, files, manifest, request }: Attempt, page: readonly FoundConsent[]): Promise<void> {
    for (const found of page) {
      const consent = await this.consents.open(found, request);
      if (consent) {
        for (const part of archive.folderParts(consent)) await files.append('result', part);
        if (consent.line) await files.append('lines', consent.line);
      } else manifest.addErased();
      // Requests are answered between two of them.
      await setImmediate();
    }
    await files.append('notes', archive.takeNotes());
  }

  /** How far it has come with a page, before anything of the next one is written. */
  async #progress({ files, manifest }: Attempt, after: Cursor): Promise<Progress> {
    return { ...(await files.mark()), after, consents: manifest.count, erased: manifest.erased };
  }

  async #save({ order, files }: Attempt, page: readonly FoundConsent[], progress: Progress): Promise<void> {
    await files.sync();
    const exported = readable(page);
    await this.database.inTransaction(async (tx) => {
      // They are members already. An erasure locks a consent's key and then its exports: this takes them in the same order.
      await addMembers(tx, order, page);
      await this.journal.recordExported(tx, order, exported);
      if (!(await saveExportProgress(tx, order, progress, addMs(this.journal.now(), LEASE_MS)))) throw new OrderLost();
    });
  }

  async #writeEnd({ archive, files, manifest, request }: Attempt): Promise<void> {
    await this.manifests.addLedger(manifest, archive);
    if (request.format === 'jsonl') await this.#writeLines(archive, files);
    for (const bytes of archive.lists()) await files.append('result', bytes);
    const bytes = manifest.toBytes();
    await files.append('result', archive.sealed(bytes, await this.manifests.seal(bytes)));
    for (const part of archive.directory()) await files.append('result', part);
  }

  /** Read twice, because its size and its sum stand in front of it: they could not be saved with the cursor. */
  async #writeLines(archive: ExportArchive, files: AttemptFiles): Promise<void> {
    await files.append('result', await archive.beginLines(files.read('lines')));
    for await (const bytes of files.read('lines')) {
      await files.append('result', bytes);
      freeMemory(bytes);
    }
  }

  /** The whole result is read once more before it can be fetched: its sum is that of what is on disk. */
  async #finish({ order, key, manifest }: Attempt, path: string, size: number): Promise<void> {
    const { exportId, requestedBy } = order;
    const sum = createHash('sha256');
    for await (const chunk of readSealed(path, key, size, { first: 0, last: size - 1 })) {
      sum.update(chunk);
      freeMemory(chunk);
    }
    const sha256 = sum.digest();
    const { count: consents, erased } = manifest;
    await this.database.inTransaction(async (tx) => {
      if (!(await finishExportOrder(tx, order, { size, sha256, consents, erased }, this.journal.now())))
        throw new OrderLost();
      const detail = { consents, erased, size, sha256: sha256.toString('hex') };
      await this.journal.record(tx, exportId, 'export.ready', requestedBy, detail);
    });
    this.journal.announce(exportId);
  }
}

function readable(page: readonly FoundConsent[]): readonly FoundConsent[] {
  return page.filter(({ locked }) => locked);
}

/** @throws where the evidence of one of them was erased since it was read */
async function addMembers(scope: Scope, { exportId }: ClaimedOrder, page: readonly FoundConsent[]): Promise<void> {
  const subjects = readable(page).map(({ subject }) => subject);
  await insertExportMembers(scope, exportId, subjects);
}
