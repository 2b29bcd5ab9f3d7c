import { ExportJournal } from '../../../src/compliance/orders/export-journal.ts';
import { ExportWork } from '../../../src/compliance/orders/export-work.ts';
import { ListPages } from '../../../src/compliance/orders/list-pages.ts';
import { Exports } from '../../../src/compliance/exports.ts';
import { Envelope } from '../../../src/vault/envelope.ts';
import type { EvidenceSteps } from './evidence-steps.ts';

/** An instance that ends at the nth of its steps, as if it were killed: it leaves what it has done, and nothing else. */
export function dyingExport(
  steps: EvidenceSteps,
  n: number,
): { readonly work: ExportWork; readonly goesOn: () => boolean } {
  let at = 0;
  const step = (): void => {
    at += 1;
    if (at === n) throw new Error('killed');
  };
  const kept = steps.get(ExportJournal);
  const journal = Object.create(kept) as ExportJournal;
  // Lines are on disk, and the transaction is open: before and after its events.
  journal.recordExported = async (...given) => {
    step();
    await kept.recordExported(...given);
    step();
  };
  // The file is whole, and the order not yet ready.
  journal.record = async (...given) => {
    step();
    await kept.record(...given);
  };
  const goesOn = (): boolean => {
    step();
    return true;
  };
  const work = new ExportWork(
    steps.database.database,
    steps.get(Envelope),
    journal,
    steps.get(ListPages),
    steps.get(Exports),
  );
  return { work, goesOn };
}
