import { hash, randomUUID } from 'node:crypto';
import type { Writable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { evidenceFolder } from '../evidence-files/evidence-folder.ts';
import { EvidenceStore } from '../evidence/evidence-store.ts';
import type { Clock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/json.ts';
import { consentSubject } from '../kernel/subject.ts';
import { parseNonVisibleData } from '../payment/non-visible.ts';
import { CLOCK } from '../operations/clock.ts';
import { Database } from '../database/database.ts';
import { Archive } from './export/archive.ts';
import {
  countAuthorisedConsents,
  selectAuthorisedConsents,
  type AuthorisedConsent,
} from './export/authorised-consent.repository.ts';
import { indexHeader, indexLine } from './export/index-csv.ts';
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
  readonly archive: Archive;
  readonly manifest: Manifest;
  readonly index: string[];
}

const PAGE = 50;
/** Memory holds the directory of the ZIP and the manifest, not the files: about 15 kB per consent. */
const MAX_CONSENTS = 10_000;

/** Exports the signed consents of a period as one ZIP: an evidence folder for each, an index and a sealed manifest. */
@Injectable()
export class Exports {
  constructor(
    private readonly database: Database,
    private readonly store: EvidenceStore,
    private readonly trail: AuditTrail,
    private readonly manifests: Manifests,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Writes the archive to `out` as it is read from the database, and ends `out`. Each consent's export is recorded in its chain of
   * events before a byte of it is sent; the export has a chain of its own.
   * @throws ExportRequestError if the period has too many consents for one archive
   */
  async writeExport(request: ExportRequest, out: Writable): Promise<ExportSummary> {
    const found = await countAuthorisedConsents(this.database, request);
    if (found > MAX_CONSENTS) {
      throw new ExportRequestError(`the period has ${found} consents, an export at most ${MAX_CONSENTS}: divide it`);
    }
    const exportId = randomUUID();
    const manifest = this.manifests.begin(exportId, request);
    const work: Work = { exportId, request, archive: new Archive(out), manifest, index: [indexHeader(request.csv)] };
    await this.#record(work, 'export.started', { purpose: request.purpose, consents: found });
    try {
      return await this.#write(work);
    } catch (error) {
      await work.archive.abort();
      await this.#record(work, 'export.failed', { count: manifest.count });
      throw error;
    }
  }

  async #write(work: Work): Promise<ExportSummary> {
    const { exportId, request, archive, manifest } = work;
    let last: AuthorisedConsent | undefined;
    for (;;) {
      const page = await selectAuthorisedConsents(this.database, request, last, PAGE);
      if (page.length === 0) break;
      for (const consent of page) await this.#addConsent(work, consent);
      last = page.at(-1);
    }
    await addFile(work, 'index.csv', Buffer.from(work.index.join(''), 'utf8'));
    const bytes = manifest.toBytes();
    const manifestSha256 = hash('sha256', bytes, 'hex');
    const seal = await this.manifests.seal(bytes);
    await archive.add('manifest.json', bytes);
    await archive.add('manifest.jws', Buffer.from(seal, 'ascii'));
    const { count, erased } = manifest;
    await this.#record(work, 'export.completed', { count, erased, manifestSha256 });
    await archive.end();
    return { exportId, count, erased, sums: manifest.sums(), manifestSha256 };
  }

  async #addConsent(work: Work, { evidenceId, bank, authorisedAt }: AuthorisedConsent): Promise<void> {
    const evidence = await this.#findEvidence(evidenceId, bank);
    if (!evidence) {
      work.manifest.addErased();
      return;
    }
    const { exportId, request, manifest } = work;
    await this.trail.appendStandalone(consentSubject(bank, evidence.consentId), {
      type: 'evidence.exported',
      at: this.clock.now(),
      actor: request.requestedBy,
      detail: { evidenceId, exportId, purpose: request.purpose },
    });
    const folder = evidence.consentId;
    for (const [name, bytes] of evidenceFolder(evidence)) await addFile(work, `${folder}/${name}`, bytes);
    const facts = parseNonVisibleData(evidence.nonVisibleData);
    work.index.push(indexLine({ folder, evidence, facts, authorisedAt }, request.csv));
    manifest.addConsent(facts.initiation.instructedAmount);
  }

  /** Undefined if the data key was destroyed at the end of the retention period. */
  async #findEvidence(evidenceId: AuthorisedConsent['evidenceId'], bank: string): Promise<Evidence | undefined> {
    try {
      return await this.store.getEvidence(evidenceId, bank);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'evidence.not-found') return undefined;
      throw error;
    }
  }

  async #record({ exportId, request }: Work, type: string, detail: JsonObject): Promise<void> {
    const event = { type, at: this.clock.now(), actor: request.requestedBy, detail };
    await this.trail.appendStandalone(`export:${exportId}`, event);
  }
}

async function addFile({ archive, manifest }: Work, path: string, bytes: Buffer): Promise<void> {
  manifest.addFile(path, bytes);
  await archive.add(path, bytes);
}
