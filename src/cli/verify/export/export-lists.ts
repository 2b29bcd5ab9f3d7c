import { findObject } from '../../../crypto/json/canonical-json.ts';
import { besideEvidence, BUNDLE_FILE, FOLDER_NOTES } from '../../../evidence-files/evidence-folder.ts';
import { isJsonObject, type JsonObject } from '../../../kernel/json.ts';

/** Undefined for what is not the manifest of an export. */
export function findManifest(bytes: Buffer): (JsonObject & { readonly files: JsonObject }) | undefined {
  const manifest = findObject(bytes);
  const files = manifest?.['files'];
  const isManifest = manifest?.['type'] === 'sigill-export' && manifest['v'] === 2;
  return manifest && isManifest && isJsonObject(files) ? { ...manifest, files } : undefined;
}

/** The sums of the folders' files; undefined for what is not a list as Sigill writes it. */
export function findFolderList(bytes: Buffer): Map<string, string> | undefined {
  const lines = bytes.toString('latin1').split('\n');
  const listed = new Map<string, string>();
  if (lines.pop() !== '') return undefined;
  for (const line of lines) {
    const [, sum = '', path = '', file = ''] =
      /^([0-9a-f]{64}) {2}([A-Za-z0-9._-]+\/([A-Za-z0-9.-]+))$/.exec(line) ?? [];
    const isListed = [FOLDER_NOTES, BUNDLE_FILE, ...besideEvidence].includes(file);
    if (!isListed || listed.has(path)) return undefined;
    listed.set(path, sum);
  }
  return listed;
}
