import { join } from 'node:path';
import { EVIDENCE_LINES } from '../../../evidence-files/evidence-folder.ts';
import { readChunks } from '../files/directory-files.ts';
import type { Plan } from './plan.ts';

export type ArchivePlan = Extract<Plan, { readonly kind: 'zip' | 'directory' }>;

/** Names of files beside the folders. */
export function topFiles(plan: ArchivePlan): readonly string[] {
  return plan.kind === 'zip' ? [...(plan.zip.folders.get('')?.keys() ?? [])] : plan.files;
}

/** Folders of an export without a signature. */
export function emptiedFolders(plan: ArchivePlan): readonly string[] {
  if (plan.kind === 'directory') return plan.others;
  const verified = new Set(plan.folders);
  return [...plan.zip.folders.keys()].filter((folder) => folder !== '' && !verified.has(folder));
}

/** Other files in a ZIP of one evidence folder. */
export function strangersOf(plan: ArchivePlan): readonly string[] {
  if (plan.kind === 'directory') return [];
  const others = [...plan.zip.folders].filter(([folder]) => folder !== plan.folders[0]);
  return others.flatMap(([folder, members]) =>
    members.size === 0 ? [`${folder}/`] : [...members.keys()].map((name) => join(folder, name)),
  );
}

/** Whether it is an export with evidence as lines of a file. */
export function hasLines(plan: ArchivePlan): boolean {
  return plan.isExport && topFiles(plan).includes(EVIDENCE_LINES);
}

/** evidence.jsonl in pieces, each with memory of its own. @throws FileError */
export function readLines(plan: ArchivePlan): AsyncIterable<Buffer> | Iterable<Buffer> {
  return plan.kind === 'zip' ? plan.zip.chunksOf(EVIDENCE_LINES) : readChunks(join(plan.path, EVIDENCE_LINES));
}
