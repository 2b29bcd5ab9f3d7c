import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { bundleLimits, isBundle } from '../../../bundle/read-bundle.ts';
import { ArchiveRefused, listArchive } from '../../../evidence-files/zip-archive.ts';
import { messageOf, type PlainId } from '../../../verification/messages.ts';
import { holdsSignature } from '../../../evidence-files/completion-files.ts';
import { findEvidenceJson } from '../../../evidence-files/evidence-json.ts';
import { BUNDLE_FILE, FOLDER_LIST, MANIFEST_SEAL } from '../../../evidence-files/evidence-folder.ts';
import { FileError, type FileMessage, type FileMessages } from '../../../evidence-files/file-messages.ts';
import { listDirectory, SIGNATURE, type DirectoryListing, type Irregular } from '../files/directory-files.ts';
import { readInput, unreadable } from '../files/read-file.ts';
import type { BareCompletion, Unit } from './unit.ts';
import { isUnpackedBundle } from '../files/bundle-files.ts';
import { emptiedFolders, hasLines } from './archive-files.ts';
import { Zip, ZipReader, type Members } from '../files/zip-files.ts';

/** What a path of the command line contains. */
export type Plan =
  | {
      readonly kind: 'zip';
      readonly path: string;
      readonly zip: Zip;
      readonly folders: readonly string[];
      readonly isExport: boolean;
    }
  | (DirectoryListing & {
      readonly kind: 'directory';
      readonly path: string;
      readonly isExport: boolean;
      /** Files that are neither evidence nor part of an export. */
      readonly leftAlone: readonly string[];
    })
  | {
      readonly kind: 'bare';
      readonly path: string;
      readonly completions: readonly BareCompletion[];
      readonly isFile: boolean;
      /** Entries with names of signatures or responses that are not regular files. */
      readonly irregular: readonly Irregular[];
      readonly leftAlone: readonly string[];
    }
  /** A directory that is an unpacked bundle. */
  | { readonly kind: 'unpacked'; readonly path: string }
  /** Sealed bundles: one, or those of a directory. */
  | {
      readonly kind: 'bundles';
      readonly path: string;
      readonly names: readonly string[];
      readonly isFile: boolean;
      readonly leftAlone: readonly string[];
    }
  /** The JSON of `GET /evidence/{id}`. */
  | { readonly kind: 'json'; readonly path: string }
  /** Not evidence, or unreadable. */
  | { readonly kind: 'refused'; readonly path: string; readonly reason: FileMessage };

/** Examines a path. An error is a plan too, so that the other paths are still verified. */
export async function planOf(path: string): Promise<Plan> {
  try {
    const found = await stat(path).catch((error: unknown) => {
      throw unreadable(path, error);
    });
    if (found.isDirectory()) return planDirectory(path);
    return found.isFile() ? await planFile(path) : refused(path, 'file.not-regular');
  } catch (error) {
    if (error instanceof FileError) return { kind: 'refused', path, reason: error.reason };
    throw error;
  }
}

/** Units large enough that passing them to another thread costs next to nothing. */
export function* unitsOf(plan: Plan): Generator<Unit> {
  if (plan.kind === 'bare') {
    for (const completions of chunked(plan.completions)) yield { kind: 'bare', path: directoryOf(plan), completions };
  }
  if (plan.kind === 'zip') {
    const { path, zip, isExport } = plan;
    const membersOf = (name: string): Members => zip.folders.get(name) ?? new Map();
    for (const names of chunked(plan.folders)) {
      yield { kind: 'zip', path, folders: names.map((name) => ({ name, members: membersOf(name) })), isExport };
    }
  }
  if (plan.kind === 'bundles') {
    for (const names of chunked(plan.names)) yield { kind: 'bundles', path: directoryOf(plan), names };
  }
  if (plan.kind === 'json' || plan.kind === 'unpacked') yield { kind: plan.kind, path: plan.path };
  if (plan.kind !== 'directory') return;
  const { path, isExport } = plan;
  for (const folders of chunked(plan.folders)) yield { kind: 'directory', path, folders, isExport };
}

/** The number of evidences to verify. */
export function countOf(plan: Plan): number {
  if (plan.kind === 'bare') return plan.completions.length;
  if (plan.kind === 'bundles') return plan.names.length;
  if (plan.kind !== 'zip' && plan.kind !== 'directory') return 1;
  // An export has the evidence of each folder without any as a line of its own.
  return plan.folders.length + (hasLines(plan) ? emptiedFolders(plan).length : 0);
}

const UNIT = 32;

function* chunked<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += UNIT) yield all.slice(at, at + UNIT);
}

function directoryOf({ path, isFile }: { readonly path: string; readonly isFile: boolean }): string {
  return isFile ? dirname(path) : path;
}

function planDirectory(path: string): Plan {
  const listing = listDirectory(path);
  if (isUnpackedBundle(listing.files, listing.others)) return { kind: 'unpacked', path };
  const isExport = isPartOfExport(listing.folders, listing.files);
  if (listing.folders.length > 0 || (isExport && !listing.files.some(isSignatureName))) {
    // An export accounts for all its files; a single evidence folder only for its own.
    const isWhole = isExport || listing.folders[0] === '';
    return { kind: 'directory', path, isExport, leftAlone: isWhole ? [] : leftAlone(listing), ...listing };
  }
  const bundles = listing.files.filter(isBundleName).sort();
  if (bundles.length > 0) {
    const used = new Set(bundles);
    return { kind: 'bundles', path, names: bundles, isFile: false, leftAlone: leftAlone(listing, used) };
  }
  const completions = completionsIn(listing.files);
  const irregular = listing.irregular.filter(({ name }) => isSignatureName(name) || isOcspName(name));
  if (completions.length > 0 || irregular.length > 0) {
    const used = completions.flatMap(({ signature, ocsp }) => [signature, ocsp]);
    return { kind: 'bare', path, completions, isFile: false, irregular, leftAlone: leftAlone(listing, new Set(used)) };
  }
  if (listing.irregular.length > 0) return { kind: 'directory', path, isExport, leftAlone: [], ...listing };
  return refused(path, 'directory.no-evidence');
}

async function planFile(path: string): Promise<Plan> {
  const bytes = await readInput(path);
  if (bytes.length === 0) return refused(path, 'file.empty');
  const isZip = bytes.toString('latin1', 0, 2) === 'PK';
  // By its name too: what has lost all that makes it a bundle must not pass as a folder.
  if (isBundleName(path) || (isZip && (await claimsToBeBundle(path)))) {
    return { kind: 'bundles', path, names: [basename(path)], isFile: true, leftAlone: [] };
  }
  if (isZip) return planZip(path);
  if (holdsSignature(bytes)) {
    const completion = withOcsp(basename(path), (name) => existsSync(join(dirname(path), name)));
    return { kind: 'bare', path, completions: [completion], isFile: true, irregular: [], leftAlone: [] };
  }
  return findEvidenceJson(bytes) ? { kind: 'json', path } : refused(path, 'file.no-signature');
}

async function planZip(path: string): Promise<Plan> {
  const zip = await Zip.open(path);
  const folders = [...zip.folders].flatMap(([name, members]) => (isEvidence(name, members) ? [name] : [])).sort();
  const isExport = isPartOfExport(folders, [...(zip.folders.get('')?.keys() ?? [])]);
  if (folders.length > 0 || isExport) return { kind: 'zip', path, zip, folders, isExport };
  zip.close();
  return refused(path, 'zip.no-folders');
}

/** A bundle at the top is none of a folder's. */
function isEvidence(name: string, members: Members): boolean {
  return members.has(SIGNATURE) || (name !== '' && members.has(BUNDLE_FILE));
}

function isBundleName(name: string): boolean {
  return /\.asice$/i.test(name);
}

/** A ZIP that cannot be listed is refused as such. */
async function claimsToBeBundle(path: string): Promise<boolean> {
  const zip = new ZipReader(path);
  try {
    return isBundle(await listArchive(zip, bundleLimits));
  } catch (error) {
    if (error instanceof ArchiveRefused) return false;
    throw error;
  } finally {
    zip.close();
  }
}

function refused(path: string, reason: PlainId<FileMessages>): Plan {
  return { kind: 'refused', path, reason: messageOf<FileMessages>(reason) };
}

/**
 * Whether this is an export, or part of one: removing the seal must not make it pass as something else.
 * @param files at the top
 */
function isPartOfExport(folders: readonly string[], files: readonly string[]): boolean {
  return (
    folders.length > 1 ||
    ['index.csv', 'index.sv.csv', FOLDER_LIST, 'manifest.json', MANIFEST_SEAL].some((name) => files.includes(name))
  );
}

/** Names in a directory that are ignored. */
function leftAlone({ files, others }: DirectoryListing, used: ReadonlySet<string | undefined> = new Set()): string[] {
  return [...files, ...others].filter((name) => !used.has(name)).sort();
}

function isSignatureName(name: string): boolean {
  return /\.(?:b64|xml)$/i.test(name) && !/(?:^|\.)ocsp\.b64$/i.test(name);
}

function isOcspName(name: string): boolean {
  return OCSP_ENDINGS.some((ending) => name.endsWith(ending));
}

const OCSP_ENDINGS = ['.ocsp', '.ocsp.b64', '.ocsp.der', '.der'] as const;

/** Signatures by file extension, each with the OCSP response of the same name. */
function completionsIn(names: readonly string[]): readonly BareCompletion[] {
  const known = new Set(names);
  const signatures = names.filter(isSignatureName).sort();
  return signatures.map((signature) => withOcsp(signature, (name) => known.has(name)));
}

function withOcsp(signature: string, isThere: (name: string) => boolean): BareCompletion {
  const stem = signature.replace(/\.(?:b64|xml)$/i, '');
  return { signature, ocsp: OCSP_ENDINGS.map((ending) => stem + ending).find(isThere) };
}
