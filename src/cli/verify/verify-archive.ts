import { createHash } from 'node:crypto';
import type { Indication, Report } from '../../verification/report.ts';
import type { FileSet } from './file-set.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import { findObject, type Files } from '../../verifying/folder-checks.ts';
import { verifyFolder } from '../../verifying/verify-files.ts';
import type { Settings } from '../../verifying/verify-settings.ts';

export interface FolderReport {
  readonly folder: string;
  readonly report: Report;
}

/** The verdict on many: the worst of each. */
export interface ArchiveReport extends Pick<Report, 'indication' | 'subIndication' | 'matches' | 'warnings'> {
  readonly evidences: readonly FolderReport[];
}

const SEAL_FILES: readonly string[] = ['manifest.json', 'manifest.jws'];

/** Every folder of an export, and whether its files are those of its manifest. */
export async function verifyArchive(
  set: FileSet,
  kind: 'export' | 'directory',
  settings: Settings,
): Promise<ArchiveReport> {
  const manifest = set.paths.has('manifest.json') ? findObject(await set.read('manifest.json')) : undefined;
  const sums = manifest?.['files'];
  const listed = isJsonObject(sums) ? sums : undefined;
  const evidences: FolderReport[] = [];
  const warnings: string[] = [];
  for (const folder of foldersOf(set)) {
    evidences.push({ folder, report: verifyFolder(await readFolder(set, folder), settings) });
  }
  if (listed) warnings.push(...(await compareWithManifest(set, listed)), ...countProblems(manifest, evidences.length));
  else if (kind === 'export' || set.paths.has('manifest.json')) warnings.push('manifest.missing-or-malformed');
  // The seal is a signature of whoever exported; nothing here is believed on its strength.
  const notes = listed ? ['manifest.seal-not-verified'] : [];
  return summarise(evidences, warnings, notes);
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
  for (const path of set.paths) {
    const name = path.slice(prefix.length);
    if (path.startsWith(prefix) && !name.includes('/')) files.set(name, await set.read(path));
  }
  return files;
}

/** Every file is in the manifest and the other way round, each with its SHA-256. */
async function compareWithManifest(set: FileSet, listed: JsonObject): Promise<string[]> {
  const problems = Object.keys(listed)
    .filter((path) => !set.paths.has(path))
    .map((path) => `manifest.file-missing: ${path}`);
  for (const path of set.paths) {
    if (SEAL_FILES.includes(path)) continue;
    const sum = Object.hasOwn(listed, path) ? listed[path] : undefined;
    if (sum === undefined) problems.push(`manifest.file-not-listed: ${path}`);
    else if (
      createHash('sha256')
        .update(await set.read(path))
        .digest('hex') !== sum
    )
      problems.push(`manifest.file-changed: ${path}`);
  }
  return problems;
}

function countProblems(manifest: JsonObject | undefined, count: number): string[] {
  return manifest?.['count'] === count ? [] : ['manifest.count-differs'];
}

const severity: readonly Indication[] = ['TOTAL-PASSED', 'INDETERMINATE', 'TOTAL-FAILED'];

function summarise(
  evidences: readonly FolderReport[],
  problems: readonly string[],
  notes: readonly string[],
): ArchiveReport {
  const reports = evidences.map(({ report }) => report);
  const [worst] = [...reports].sort((a, b) => severity.indexOf(b.indication) - severity.indexOf(a.indication));
  const compared = reports.map(({ matches }) => matches);
  const isNo = problems.length > 0 || compared.includes('no');
  return {
    indication: worst?.indication ?? 'TOTAL-FAILED',
    subIndication: worst ? worst.subIndication : 'FORMAT_FAILURE',
    matches: isNo ? 'no' : compared.length > 0 && compared.every((match) => match === 'yes') ? 'yes' : 'not-compared',
    warnings: [...problems, ...notes],
    evidences,
  };
}
