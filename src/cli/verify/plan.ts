import { existsSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { FileMessage } from '../../verifying/file-messages.ts';
import { ArchiveRefused } from '../../verifying/zip-archive.ts';
import { listDirectory, SIGNATURE, type DirectoryListing } from './directory-files.ts';
import { NoInputError } from './exit-codes.ts';
import { unreadable } from './read-file.ts';
import type { BareCompletion, Unit } from './unit.ts';
import { Zip, type Members } from './zip-files.ts';

/** What one path of the command line turned out to be. */
export type Plan =
  | { readonly kind: 'zip'; readonly path: string; readonly zip: Zip; readonly folders: readonly string[] }
  | (DirectoryListing & {
      readonly kind: 'directory';
      readonly path: string;
      readonly hasManifest: boolean;
      /** What is neither evidence nor part of an export. */
      readonly leftAlone: readonly string[];
    })
  | {
      readonly kind: 'bare';
      readonly path: string;
      readonly completions: readonly BareCompletion[];
      readonly isFile: boolean;
      /** Symbolic links that would be signatures. */
      readonly links: readonly string[];
      readonly leftAlone: readonly string[];
    }
  | { readonly kind: 'nothing'; readonly path: string; readonly said: FileMessage }
  | { readonly kind: 'unreadable'; readonly path: string; readonly said: FileMessage };

/** Looks at a path; what is wrong with it is a plan too, so that the others are verified all the same. */
export async function planOf(path: string): Promise<Plan> {
  try {
    const isDirectory = await stat(path).then(
      (found) => found.isDirectory(),
      (error: unknown) => {
        throw unreadable(path, error);
      },
    );
    return isDirectory ? planDirectory(path) : await planFile(path);
  } catch (error) {
    if (error instanceof NoInputError) return { kind: 'unreadable', path, said: error.said };
    if (error instanceof ArchiveRefused) return { kind: 'nothing', path, said: error.said };
    throw error;
  }
}

/** Units of a size at which passing them to another thread costs next to nothing. */
export function* unitsOf(plan: Plan): Generator<Unit> {
  if (plan.kind === 'bare') {
    for (const completions of chunked(plan.completions)) yield { kind: 'bare', path: directoryOf(plan), completions };
  }
  if (plan.kind === 'zip') {
    const { path, zip } = plan;
    const membersOf = (name: string): Members => zip.folders.get(name) ?? new Map();
    for (const names of chunked(plan.folders)) {
      yield { kind: 'zip', path, folders: names.map((name) => ({ name, members: membersOf(name) })) };
    }
  }
  if (plan.kind !== 'directory') return;
  const { path, hasManifest: sums } = plan;
  for (const folders of chunked(plan.folders)) yield { kind: 'directory', path, folders, sums };
}

/** How many evidences there are to verify. */
export function countOf(plan: Plan): number {
  if (plan.kind === 'bare') return plan.completions.length;
  return plan.kind === 'zip' || plan.kind === 'directory' ? plan.folders.length : 1;
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
  const hasManifest = listing.files.includes('manifest.json');
  if (listing.folders.length > 0 || hasManifest) {
    // In an export everything is accounted for; one evidence folder knows its own files.
    const isWhole = hasManifest || listing.folders[0] === '';
    return { kind: 'directory', path, hasManifest, leftAlone: isWhole ? [] : leftAlone(listing), ...listing };
  }
  const completions = completionsIn(listing.files);
  const links = listing.links.filter(isSignatureName);
  if (completions.length > 0 || links.length > 0) {
    const used = completions.flatMap(({ signature, ocsp }) => [signature, ocsp]);
    return { kind: 'bare', path, completions, isFile: false, links, leftAlone: leftAlone(listing, new Set(used)) };
  }
  if (listing.links.length > 0) return { kind: 'directory', path, hasManifest, leftAlone: [], ...listing };
  return { kind: 'nothing', path, said: { message: 'directory.no-evidence' } };
}

async function planFile(path: string): Promise<Plan> {
  const start = await readStart(path);
  if (start.startsWith('<') || start === 'PD94') {
    const completion = withOcsp(basename(path), (name) => existsSync(join(dirname(path), name)));
    return { kind: 'bare', path, completions: [completion], isFile: true, links: [], leftAlone: [] };
  }
  if (!start.startsWith('PK')) {
    return { kind: 'nothing', path, said: { message: start === '' ? 'file.empty' : 'file.no-signature' } };
  }
  const zip = await Zip.open(path);
  const folders = [...zip.folders].flatMap(([name, members]) => (members.has(SIGNATURE) ? [name] : [])).sort();
  if (folders.length > 0) return { kind: 'zip', path, zip, folders };
  zip.close();
  return { kind: 'nothing', path, said: { message: 'zip.no-folders' } };
}

/** Names in a directory that nobody looks at. */
function leftAlone({ files, others }: DirectoryListing, used: ReadonlySet<string | undefined> = new Set()): string[] {
  return [...files, ...others].filter((name) => !used.has(name)).sort();
}

function isSignatureName(name: string): boolean {
  return /\.(?:b64|xml)$/i.test(name) && !/(?:^|\.)ocsp\.b64$/i.test(name);
}

const OCSP_ENDINGS = ['.ocsp', '.ocsp.b64', '.ocsp.der', '.der'] as const;

/** Signatures by their endings, each with the OCSP response of the same name. */
function completionsIn(names: readonly string[]): readonly BareCompletion[] {
  const known = new Set(names);
  const signatures = names.filter(isSignatureName).sort();
  return signatures.map((signature) => withOcsp(signature, (name) => known.has(name)));
}

function withOcsp(signature: string, isThere: (name: string) => boolean): BareCompletion {
  const stem = signature.replace(/\.(?:b64|xml)$/i, '');
  return { signature, ocsp: OCSP_ENDINGS.map((ending) => stem + ending).find(isThere) };
}

/** By which XML, its base64 and a ZIP are told apart. @throws NoInputError */
async function readStart(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
      return buffer.toString('latin1', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}
