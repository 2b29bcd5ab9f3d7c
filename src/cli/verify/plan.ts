import { open, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { ArchiveRefused } from '../../verifying/zip-archive.ts';
import { listDirectory, SIGNATURE, type DirectoryListing } from './directory-files.ts';
import { NoInputError } from './exit-codes.ts';
import { codeOf } from './read-file.ts';
import type { BareCompletion, Unit } from './unit.ts';
import { Zip, type Members } from './zip-files.ts';

/** What one path of the command line turned out to be. */
export type Plan =
  | { readonly kind: 'zip'; readonly path: string; readonly zip: Zip; readonly folders: readonly string[] }
  | (DirectoryListing & { readonly kind: 'directory'; readonly path: string; readonly hasManifest: boolean })
  | {
      readonly kind: 'bare';
      readonly path: string;
      readonly completions: readonly BareCompletion[];
      readonly isFile: boolean;
    }
  | { readonly kind: 'nothing'; readonly path: string; readonly message: string }
  | { readonly kind: 'unreadable'; readonly path: string; readonly message: string };

/** Looks at a path; what is wrong with it is a plan too, so that the others are verified all the same. */
export async function planOf(path: string): Promise<Plan> {
  try {
    const isDirectory = await stat(path).then(
      (found) => found.isDirectory(),
      (error: unknown) => {
        throw new NoInputError(`cannot read ${path}: ${codeOf(error)}`);
      },
    );
    return isDirectory ? planDirectory(path) : await planFile(path);
  } catch (error) {
    if (error instanceof NoInputError) return { kind: 'unreadable', path, message: error.message };
    if (error instanceof ArchiveRefused) return { kind: 'nothing', path, message: error.message };
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
  if (listing.folders.length > 0 || hasManifest) return { kind: 'directory', path, hasManifest, ...listing };
  const completions = completionsIn(listing.files);
  if (completions.length > 0) return { kind: 'bare', path, completions, isFile: false };
  if (listing.links.length > 0) return { kind: 'directory', path, hasManifest, ...listing };
  return { kind: 'nothing', path, message: 'holds neither evidence folders nor signatures (*.b64, *.xml)' };
}

async function planFile(path: string): Promise<Plan> {
  if (await looksLikeSignature(path)) {
    return { kind: 'bare', path, completions: [{ signature: basename(path), ocsp: undefined }], isFile: true };
  }
  const zip = await Zip.open(path);
  const folders = [...zip.folders].flatMap(([name, members]) => (members.has(SIGNATURE) ? [name] : [])).sort();
  if (folders.length > 0) return { kind: 'zip', path, zip, folders };
  zip.close();
  return { kind: 'nothing', path, message: 'a ZIP without evidence folders' };
}

const OCSP_ENDINGS = ['.ocsp', '.ocsp.b64', '.ocsp.der', '.der'] as const;

/** Signatures by their endings, each with the OCSP response of the same name. */
function completionsIn(names: readonly string[]): readonly BareCompletion[] {
  const known = new Set(names);
  const signatures = names.filter((name) => /\.(?:b64|xml)$/i.test(name) && !/(?:^|\.)ocsp\.b64$/i.test(name)).sort();
  return signatures.map((signature) => {
    const stem = signature.slice(0, -'.b64'.length);
    return { signature, ocsp: OCSP_ENDINGS.map((ending) => stem + ending).find((name) => known.has(name)) };
  });
}

/** XML, or base64 of an XML declaration. */
async function looksLikeSignature(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
      const start = buffer.toString('latin1', 0, bytesRead);
      return start.startsWith('<') || start === 'PD94';
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new NoInputError(`cannot read ${path}: ${codeOf(error)}`);
  }
}
