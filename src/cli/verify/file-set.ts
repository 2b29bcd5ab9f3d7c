import type { Files } from '../../verifying/folder-checks.ts';

/** Files by path with `/`, as an archive holds them. */
export interface FileSet {
  readonly paths: ReadonlySet<string>;
  /** At most the limit of `sizeLimit`. @throws ArchiveRefused */
  read(path: string): Promise<Buffer>;
  close(): Promise<void>;
}

const MEBIBYTE = 1024 * 1024;

/** Lists grow with the export; nothing in a folder does. */
export function sizeLimit(path: string): number {
  return path === 'manifest.json' || path === 'index.csv' ? 64 * MEBIBYTE : 2 * MEBIBYTE;
}

/** Names of the folders that hold a signature; '' for the top. */
export function foldersOf({ paths }: FileSet): readonly string[] {
  const suffix = 'signature.b64';
  const found = [...paths].filter((path) => path === suffix || path.endsWith(`/${suffix}`));
  return found.map((path) => path.slice(0, -suffix.length).replace(/\/$/, '')).sort();
}

export async function readFolder(set: FileSet, folder: string): Promise<Files> {
  const prefix = folder === '' ? '' : `${folder}/`;
  const files = new Map<string, Buffer>();
  for (const path of membersOf(set, prefix)) files.set(path.slice(prefix.length), await set.read(path));
  return files;
}

const members = new WeakMap<FileSet, ReadonlyMap<string, readonly string[]>>();

/** The paths of each folder, found once: an export of ten thousand folders is not searched ten thousand times. */
function membersOf(set: FileSet, prefix: string): readonly string[] {
  const known = members.get(set) ?? byFolder(set.paths);
  members.set(set, known);
  return known.get(prefix) ?? [];
}

function byFolder(paths: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
  const folders = new Map<string, string[]>();
  for (const path of paths) {
    const prefix = path.slice(0, path.lastIndexOf('/') + 1);
    const found = folders.get(prefix);
    if (found) found.push(path);
    else folders.set(prefix, [path]);
  }
  return folders;
}
