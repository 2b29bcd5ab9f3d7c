import { join } from 'node:path';
import { META_INF, MIMETYPE } from '../../../bundle/container.ts';
import { readBundle, type Bundle } from '../../../bundle/read-bundle.ts';
import { ArchiveRefused } from '../../../evidence-files/zip-archive.ts';
import { packMembers } from '../../../crypto/zip/zip-writer.ts';
import { readDirectory, readRegularFile } from './directory-files.ts';

/** Larger than any bundle of Sigill's; the members' sizes are bounded apart. */
const BUNDLE_LIMIT = 8 * 1_048_576;

/** The octets of a packed bundle. @throws NoInputError */
export function readBundleFile(path: string): Buffer {
  return readRegularFile(path, BUNDLE_LIMIT);
}

/** Whether a directory is an unpacked bundle: it is then judged as one, also where its seal is gone. */
export function isUnpackedBundle(files: readonly string[], directories: readonly string[]): boolean {
  return files.includes(MIMETYPE) || directories.includes(META_INF.slice(0, -1));
}

/**
 * Reads an unpacked bundle, as if it were packed again with its type first: the order of its members is lost.
 * @throws NoInputError, ArchiveRefused
 */
export async function readUnpackedBundle(path: string): Promise<Bundle> {
  const files = readDirectory(path);
  const hasSeals = files.has(META_INF);
  const seals = hasSeals ? readDirectory(join(path, META_INF)) : new Map<string, Buffer>();
  const type = files.get(MIMETYPE);
  // A name is written in octets: of a wider character the lower one would be left, and make it another name.
  const isForeign = [...files.keys(), ...seals.keys()].some((name) => !/^[!-~]+$/.test(name));
  if (isForeign) throw new ArchiveRefused('zip.foreign-name');
  const members = [...files].filter(([name]) => name !== MIMETYPE && name !== META_INF);
  return readBundle(
    packMembers([
      ...(type ? [[MIMETYPE, type] as const] : []),
      ...members,
      ...[...seals].map(([name, bytes]) => [`${META_INF}${name}`, bytes] as const),
    ]),
  );
}
