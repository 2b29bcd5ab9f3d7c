import { ConsentFiles } from '../../../src/compliance/export/consent-files.ts';
import { ConsentPages } from '../../../src/compliance/export/consent-pages.ts';
import { ExportLedger } from '../../../src/compliance/export/ledger/export-ledger.ts';
import { Manifests } from '../../../src/compliance/export/manifests.ts';
import { Exports } from '../../../src/compliance/exports.ts';
import { ExportJournal } from '../../../src/compliance/orders/export-journal.ts';
import { ExportWork } from '../../../src/compliance/orders/export-work.ts';
import { ExportWorkers } from '../../../src/compliance/orders/export-workers.ts';
import { ExportResults } from '../../../src/compliance/orders/result/export-results.ts';
import type { Database } from '../../../src/database/database.ts';
import type { EvidenceStore } from '../../../src/evidence/evidence-store.ts';
import { Sequencer } from '../../../src/ledger/sequencer/sequencer.ts';
import { Workers } from '../../../src/operations/workers.ts';
import type { Seals } from '../../../src/seals/seals.ts';
import type { EvidenceSteps } from './evidence-steps.ts';

/** What a test has in place of the service's own. */
export interface OtherParts {
  readonly database?: Database;
  readonly store?: EvidenceStore;
  readonly journal?: ExportJournal;
  readonly files?: ConsentFiles;
}

/** The exporter with other seals: the service's own certificate is not valid at the time of these consents. */
export function exportParts(steps: EvidenceSteps, seals: Seals, others: OtherParts = {}) {
  const { database = steps.database.database, store = steps.store } = others;
  const journal = others.journal ?? steps.get(ExportJournal);
  const pages = new ConsentPages(database, store, steps.trail);
  const files = others.files ?? steps.get(ConsentFiles);
  const manifests = new Manifests(seals, steps.get(ExportLedger), { environment: 'sandbox' }, steps.clock);
  const exports = new Exports(pages, files, steps.trail, manifests, steps.clock);
  const work = new ExportWork(database, journal, pages, files, manifests);
  const workers = new ExportWorkers(database, work, steps.get(ExportResults), journal, new Workers({ workers: false }));
  return { exports, work, workers };
}

/** Gives all evidence its number, as the sequencer does each second. */
export async function numberEvidence(steps: EvidenceSteps): Promise<void> {
  while ((await steps.get(Sequencer).runOnce()) > 0);
}

/** How often an export has recorded each consent as exported. */
export async function recordedBy(steps: EvidenceSteps, exportId: string): Promise<readonly number[]> {
  const found = await steps.database.asOwner(
    `select count(*)::int as n from audit_event
      where type = 'evidence.exported' and event::jsonb -> 'detail' ->> 'exportId' = $1 group by subject`,
    [exportId],
  );
  return found.map(({ n }) => Number(n));
}
