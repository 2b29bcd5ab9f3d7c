import { ExportJournal } from '../../../src/compliance/orders/export-journal.ts';
import type { ExportWork } from '../../../src/compliance/orders/export-work.ts';
import type { Seals } from '../../../src/seals/seals.ts';
import type { EvidenceSteps } from './evidence-steps.ts';
import { exportParts, type OtherParts } from './export-parts.ts';

/** An instance that ends at the nth of its steps, as if it were killed: it leaves what it has done, and nothing else. */
export function dyingExport(
  steps: EvidenceSteps,
  seals: Seals,
  n: number,
  others: OtherParts = {},
): { readonly work: ExportWork; readonly goesOn: () => boolean } {
  let at = 0;
  const step = (): void => {
    at += 1;
    if (at === n) throw new Error('killed');
  };
  const kept = others.journal ?? steps.get(ExportJournal);
  const journal = Object.create(kept) as ExportJournal;
  // Folders and notes are on disk, and the transaction is open: before and after its events.
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
  // The lists are written, and the manifest is not.
  const sealing = Object.create(seals) as Seals;
  sealing.seal = async (...given) => {
    step();
    return seals.seal(...given);
  };
  return { work: exportParts(steps, sealing, { ...others, journal }).work, goesOn };
}
