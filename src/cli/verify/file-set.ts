/** Files by path with `/`, however they are stored: a directory, or a ZIP. */
export interface FileSet {
  readonly paths: ReadonlySet<string>;
  /** At most the limit of `sizeLimit`, and one byte more where it is longer. @throws NoInputError */
  read(path: string): Promise<Buffer>;
  close(): Promise<void>;
}

const MEBIBYTE = 1024 * 1024;

/** Lists grow with the export; nothing in a folder does. */
export function sizeLimit(path: string): number {
  return path === 'manifest.json' || path === 'index.csv' ? 64 * MEBIBYTE : 2 * MEBIBYTE;
}
