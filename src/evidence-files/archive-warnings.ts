/** Where an export says one thing here and another there: folders, index, manifest, seal. */
export type ArchiveWarningId =
  | 'manifest.seal-missing'
  | 'manifest.seal-invalid'
  | 'manifest.seal-key-not-compared'
  | 'manifest.seal-key-unknown'
  | 'manifest.missing-or-malformed'
  | 'manifest.count-differs'
  | 'manifest.sums-differ'
  | 'manifest.environment-differs'
  | 'manifest.file-missing'
  | 'manifest.file-not-listed'
  | 'manifest.file-changed'
  | 'index.missing'
  | 'index.malformed'
  | 'index.row-missing'
  | 'index.row-twice'
  | 'index.row-unknown'
  | 'index.row-differs'
  | 'folder.name-differs'
  | 'folder.consent-twice'
  | 'folder.without-evidence'
  | 'archive.foreign-file'
  | 'archive.file-refused';

/** A warning about an export as a whole, or about one file of it. */
export interface ArchiveWarning {
  readonly id: ArchiveWarningId;
  readonly file?: string;
}

/** As JSON documents name it: the id, and the file after a colon. */
export function formatArchiveWarning({ id, file }: ArchiveWarning): string {
  return file === undefined ? id : `${id}: ${file}`;
}
