/** Where an export is not what its manifest says, or the manifest not what its seal says. */
export type ArchiveWarningId =
  | 'manifest.seal-missing'
  | 'manifest.seal-invalid'
  | 'manifest.seal-key-not-compared'
  | 'manifest.seal-key-unknown'
  | 'manifest.missing-or-malformed'
  | 'manifest.count-differs'
  | 'manifest.file-missing'
  | 'manifest.file-not-listed'
  | 'manifest.file-changed';

/** A warning about an export as a whole, or about one file of it. */
export interface ArchiveWarning {
  readonly id: ArchiveWarningId;
  readonly file?: string;
}

/** As JSON documents name it: the id, and the file after a colon. */
export function formatArchiveWarning({ id, file }: ArchiveWarning): string {
  return file === undefined ? id : `${id}: ${file}`;
}
