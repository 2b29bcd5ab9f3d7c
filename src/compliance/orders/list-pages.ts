import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.ts';
import type { LockedEvidence } from '../../evidence/evidence.ts';
import { EvidenceStore } from '../../evidence/evidence-store.ts';
import type { IndexedConsent } from '../../evidence-files/index-columns.ts';
import type { EvidenceId } from '../../kernel/ids.ts';
import { parseNonVisibleData } from '../../payment/non-visible.ts';
import { selectAuthorisedConsents } from '../export/authorised-consent.repository.ts';
import { indexHeader, indexLines, rowOf } from '../export/index-csv.ts';
import { requestOf, type Cursor, type ExportOrder } from './export-order.ts';

/** Consents that are read together, and recorded together. */
const PAGE = 64;

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
    return indexHeader(csv);
  }

  /** The page after a consent; undefined after the last. */
  async read(order: ExportOrder, after: Cursor | undefined): Promise<ListPage | undefined> {
    const { bank } = order;
    const from = after && { ...after, bank, evidenceId: after.evidenceId as EvidenceId };
    const consents = await selectAuthorisedConsents(this.database, requestOf(order), from, PAGE);
    const last = consents.at(-1);
    if (!last) return undefined;
    const locked = await this.store.findLocked(this.database, consents);
    const rows: IndexedConsent[] = [];
    const exported: LockedEvidence[] = [];
    for (const [n, { authorisedAt }] of consents.entries()) {
      const one = locked[n];
      if (!one) continue;
      exported.push(one);
      const evidence = one.open();
      const facts = parseNonVisibleData(evidence.nonVisibleData);
      rows.push(rowOf({ folder: '', evidence, facts, authorisedAt }));
      // Requests are answered between two of them.
      await setImmediate();
    }
    const lines = rows.length === 0 ? '' : indexLines(rows, order.csv);
    return { lines, exported, erased: consents.length - exported.length, last };
  }
}
