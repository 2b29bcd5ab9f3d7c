import { hash, randomUUID } from 'node:crypto';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.ts';
import { exportLimits } from '../evidence-files/evidence-folder.ts';
import type { Clock } from '../kernel/clock.ts';
import type { JsonObject } from '../kernel/json.ts';
import { exportSubject } from '../kernel/subject.ts';
import { CLOCK } from '../operations/clock.ts';
import { ConsentFiles } from './export/consent-files.ts';
import { ConsentPages, type FoundConsent } from './export/consent-pages.ts';
import { ExportArchive } from './export/export-archive.ts';
import type { Manifest } from './export/manifest.ts';
import { Manifests } from './export/manifests.ts';
import { ExportRequestError, type ExportRequest } from './export-request.ts';

/** What was exported. */
export interface ExportSummary {
  readonly exportId: string;
  readonly count: number;
  /** Consents of the period whose evidence was erased. */
  readonly erased: number;
  /** Per currency, with its decimals. */
  readonly sums: Readonly<Record<string, string>>;
  /** SHA-256 of manifest.json, hexadecimal. */
  readonly manifestSha256: string;
}

/** An export in progress. */
interface Work {
  readonly exportId: string;
  readonly request: ExportRequest;
  readonly manifest: Manifest;
}

/**
 * Exports the signed consents of a period as one ZIP: an evidence folder for each, an index, a list of the folders and a sealed
 * manifest. The time per consent does not grow with their number. Memory holds two pages, and about 350 bytes of each consent
 * that was written.
 */
@Injectable()
export class Exports {
  constructor(
    private readonly pages: ConsentPages,
    private readonly files: ConsentFiles,
    private readonly trail: AuditTrail,
    private readonly manifests: Manifests,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Writes the archive to `out` as it is read from the database, and ends `out`. Each consent's export is recorded in its chain of
   * events before a byte of it is sent; the export has a chain of its own. If it ends early, up to a page of consents is recorded
   * and was not sent.
   * @throws ExportRequestError if the period has too many consents for one archive; what `out` throws
   */
  async writeExport(request: ExportRequest, out: Writable, exportId: string = randomUUID()): Promise<ExportSummary> {
    const found = await this.pages.count(request);
    if (found > exportLimits.consents) throw tooMany(`${found} consents`);
    const manifest = await this.manifests.begin(exportId, request);
    const work: Work = { exportId, request, manifest };
    await this.#record(work, 'export.started', { purpose: request.purpose, consents: found });
    try {
      const bytes = this.#write(work);
      await pipeline(bytes, out);
      const { count, erased } = manifest;
      return {
        exportId,
        count,
        erased,
        sums: manifest.sums(),
        manifestSha256: hash('sha256', manifest.toBytes(), 'hex'),
      };
    } catch (error) {
      await this.#record(work, 'export.failed', { count: manifest.count });
      throw error;
    }
  }

  async *#write(work: Work): AsyncGenerator<Uint8Array> {
    const { request, manifest } = work;
    const archive = new ExportArchive(manifest);
    for await (const found of this.#pages(request)) {
      const page = found.filter(({ consent }) => manifest.answersFor(consent.course.number));
      await this.#recordExported(work, page);
      for (const found of page) {
        const consent = await this.files.open(found, request);
        if (consent) yield archive.folder(consent);
        else manifest.addErased();
      }
      // Of a period that has not ended there may be more than were counted.
      if (manifest.count + manifest.erased > exportLimits.consents) throw tooMany('more consents');
    }
    await this.manifests.addLedger(manifest, archive);
    yield* archive.lists();
    const bytes = manifest.toBytes();
    yield archive.sealed(bytes, await this.manifests.seal(bytes));
    const { count, erased } = manifest;
    await this.#record(work, 'export.completed', { count, erased, manifestSha256: hash('sha256', bytes, 'hex') });
    yield* archive.directory();
  }

  /** Each page is read while the one before is written. */
  async *#pages(request: ExportRequest): AsyncGenerator<readonly FoundConsent[]> {
    let next = this.pages.read(request, undefined);
    for (;;) {
      const page = await next;
      const last = page.at(-1);
      if (!last) return;
      next = this.pages.read(request, last.consent);
      // Its failure is thrown above, unless the reader goes away before.
      next.catch(() => undefined);
      yield page;
    }
  }

  async #recordExported({ exportId, request }: Work, page: readonly FoundConsent[]): Promise<void> {
    const { purpose, requestedBy: actor } = request;
    const at = this.clock.now();
    const events = page.flatMap(({ consent: { evidenceId }, subject, locked }) => {
      if (!locked) return [];
      const event = { type: 'evidence.exported', at, actor, detail: { evidenceId, exportId, purpose } };
      return [[subject, event] as const];
    });
    await this.pages.record(new Map(events));
  }

  async #record({ exportId, request }: Work, type: string, detail: JsonObject): Promise<void> {
    const event = { type, at: this.clock.now(), actor: request.requestedBy, detail };
    await this.trail.appendStandalone(exportSubject(exportId), event);
  }
}

function tooMany(what: string): ExportRequestError {
  return new ExportRequestError(`the period has ${what}, an export at most ${exportLimits.consents}: divide it`);
}
