import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.ts';
import type { LockedEvidence } from '../../evidence/evidence.ts';
import { EvidenceStore } from '../../evidence/evidence-store.ts';
import type { IndexedConsent } from '../../evidence-files/index-columns.ts';
import { parseNonVisibleData } from '../../payment/non-visible.ts';
import type { Cursor } from '../export/authorised-consent.repository.ts';
import { readConsentPage } from '../export/consent-page.ts';
import { indexHeader, indexLines, rowOf, type IndexForm } from '../export/index-csv.ts';
import { requestOf, type CsvDialect, type ExportOrder } from './export-order.ts';

/** A page of the table. */
export interface ListPage {
  readonly lines: string;
  readonly exported: readonly LockedEvidence[];
  /** Consents whose evidence was erased at the end of its retention: they have no line. */
  readonly erased: number;
  readonly last: Cursor;
}

/** The table of the consents of a period: what is in index.csv of an export, without the evidence. */
@Injectable()
export class ListPages {
  constructor(
    private readonly database: Database,
    private readonly store: EvidenceStore,
  ) {}

  header({ csv }: ExportOrder): string {
    return indexHeader(formOf(csv));
  }

  /** The page after a consent; undefined after the last. */
  async read(order: ExportOrder, after: Cursor | undefined): Promise<ListPage | undefined> {
    const page = await readConsentPage(this.database, this.store, requestOf(order), after);
    const last = page.at(-1)?.consent;
    if (!last) return undefined;
    const rows: IndexedConsent[] = [];
    const exported: LockedEvidence[] = [];
    for (const { consent, locked } of page) {
      if (!locked) continue;
      exported.push(locked);
      const evidence = locked.open();
      const facts = parseNonVisibleData(evidence.nonVisibleData);
      const { authorisedAt, course } = consent;
      rows.push(rowOf({ folder: '', evidence, facts, authorisedAt, course }));
      // Requests are answered between two of them.
      await setImmediate();
    }
    const lines = rows.length === 0 ? '' : indexLines(rows, formOf(order.csv));
    return { lines, exported, erased: page.length - exported.length, last };
  }
}

function formOf(csv: CsvDialect): IndexForm {
  return csv === 'excel-sv' ? 'spreadsheet-sv' : csv;
}
