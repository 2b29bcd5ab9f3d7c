import { createHash } from 'node:crypto';
import { Writable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.ts';
import type { LockedEvidence } from '../../evidence/evidence.ts';
import { consentSubject, exportSubject } from '../../kernel/subject.ts';
import { addMs, MINUTE_MS } from '../../kernel/clock.ts';
import { Envelope, type DataKey } from '../../vault/envelope.ts';
import type { Cursor } from '../export/authorised-consent.repository.ts';
import { Exports } from '../exports.ts';
import { requestOf, type ClaimedOrder } from './export-order.ts';
import { ExportJournal } from './export-journal.ts';
import { finishExportOrder, insertExportMembers, saveExportProgress } from './export-order.repository.ts';
import { ListPages } from './list-pages.ts';
import { readSealed, SealedWriter } from './result/sealed-file.ts';

/** How long an instance may be silent before another goes on. A page takes a fraction of a second. */
export const LEASE_MS = MINUTE_MS;

/** Another attempt has begun, or the order has ended: this one has nothing more to do. */
export class OrderLost extends Error {}

/** Evidence that was in the result was erased, and the key of the result with it. */
export class OrderErased extends Error {}

/** Consents that are done, and how many of them were erased. */
interface Counts {
  consents: number;
  erased: number;
}

/** Where an attempt writes. */
interface Attempt {
  readonly order: ClaimedOrder;
  readonly key: DataKey;
  readonly path: string;
}

/**
 * One attempt at an order. After each page of a list, its lines are on disk before the cursor says so, and the cursor, the events of the
 * page's consents and their membership are one transaction. So an attempt that ends anywhere leaves nothing that the next one would
 * repeat or miss. Folders of one consent are begun anew.
 */
@Injectable()
export class ExportWork {
  constructor(
    private readonly database: Database,
    private readonly envelope: Envelope,
    private readonly journal: ExportJournal,
    private readonly pages: ListPages,
    private readonly exports: Exports,
  ) {}

  /**
   * @param pathOf the file of an attempt
   * @param goesOn asked after each page
   * @returns false if it stopped because it was told to
   * @throws OrderLost, OrderErased, and what the file system, the database, the vault or the exporter throws
   */
  async run(order: ClaimedOrder, pathOf: (attempt: number) => string, goesOn: () => boolean): Promise<boolean> {
    const { exportId, saved } = order;
    const key = await this.envelope.findDataKey(this.database, exportSubject(exportId));
    if (!key) throw new OrderErased();
    const path = pathOf(order.attempt);
    const before = saved && {
      path: pathOf(saved.attempt),
      chunks: saved.chunks,
      tail: key.open(TAIL, exportId, saved.tailSealed),
    };
    const writer = await SealedWriter.create(path, key, before);
    try {
      const attempt: Attempt = { order, key, path };
      const counts =
        order.format === 'list'
          ? await this.#writeList(attempt, writer, goesOn)
          : await this.#writeFolders(attempt, writer);
      if (!counts) return false;
      await this.#finish(attempt, await writer.finish(), counts);
      return true;
    } finally {
      await writer.close();
    }
  }

  async #writeList({ order, key }: Attempt, writer: SealedWriter, goesOn: () => boolean): Promise<Counts | undefined> {
    let after: Cursor | undefined = order.saved?.after;
    const counts: Counts = { consents: order.consents, erased: order.erased };
    if (!after) await writer.append(Buffer.from(this.pages.header(order), 'utf8'));
    for (;;) {
      const page = await this.pages.read(order, after);
      if (!page) return counts;
      await writer.append(Buffer.from(page.lines, 'utf8'));
      await writer.sync();
      after = page.last;
      counts.consents += page.exported.length;
      counts.erased += page.erased;
      const { chunks, tail } = writer.written;
      const progress = { ...counts, after, chunks, tailSealed: key.seal(TAIL, order.exportId, tail) };
      await this.database.inTransaction(async (tx) => {
        // An erasure locks a consent's key and then its exports: this takes them in the same order.
        await insertExportMembers(tx, order.exportId, subjectsOf(order, page.exported));
        await this.journal.recordExported(tx, order, page.exported);
        if (!(await saveExportProgress(tx, order, progress, addMs(this.journal.now(), LEASE_MS))))
          throw new OrderLost();
      });
      if (!goesOn()) return undefined;
    }
  }

  /** Of one consent, with events of the exporter's own. */
  async #writeFolders({ order }: Attempt, writer: SealedWriter): Promise<Counts> {
    const { bank, consentId, exportId } = order;
    if (consentId === undefined) throw new TypeError('folders of more than one consent need an approval');
    await insertExportMembers(this.database, exportId, [consentSubject(bank, consentId)]);
    const out = new Writable({
      write: (chunk: Buffer, _encoding, done) => void writer.append(chunk).then(() => done(), done),
    });
    const { count, erased } = await this.exports.writeExport(requestOf(order), out, exportId);
    return { consents: count, erased };
  }

  /** The whole result is read once more before it can be fetched: its sum is that of what is on disk. */
  async #finish({ order, key, path }: Attempt, size: number, { consents, erased }: Counts): Promise<void> {
    const { exportId, requestedBy } = order;
    const sum = createHash('sha256');
    for await (const chunk of readSealed(path, key, size, { first: 0, last: size - 1 })) sum.update(chunk);
    const sha256 = sum.digest();
    await this.database.inTransaction(async (tx) => {
      if (!(await finishExportOrder(tx, order, { size, sha256, consents, erased }, this.journal.now())))
        throw new OrderLost();
      const detail = { consents, erased, size, sha256: sha256.toString('hex') };
      await this.journal.record(tx, exportId, 'export.ready', requestedBy, detail);
    });
    this.journal.announce(exportId);
  }
}

function subjectsOf({ bank }: ClaimedOrder, exported: readonly LockedEvidence[]): readonly string[] {
  return exported.map(({ summary }) => consentSubject(bank, summary.consentId));
}

const TAIL = 'export-tail';
