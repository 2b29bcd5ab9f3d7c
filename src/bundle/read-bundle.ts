import { hash } from 'node:crypto';
import { attempt, Malformed } from '../crypto/malformed.ts';
import {
  listArchive,
  readMember,
  sourceOf,
  type ArchiveLimits,
  type ByteSource,
  type Listing,
} from '../evidence-files/zip-archive.ts';
import { BUNDLE_TYPE, manifestName, MAX_SEALS, META_INF, MIMETYPE, SEAL_TOKEN, signatureName } from './container.ts';
import type { SealReason } from './findings.ts';
import { parseManifest } from './manifest/manifest.ts';

/** What is wrong with a container, and the member that it concerns. */
export interface BundleFault {
  readonly reason: SealReason;
  readonly member?: string;
}

/** A manifest and the signature over it, which is not verified yet. */
export interface UncheckedSeal {
  readonly number: number;
  readonly manifest: Buffer;
  readonly signature: Buffer;
}

/** A container that was read safely. Whether its signatures are sound, `verifySeal` says. */
export interface Bundle {
  /** What the seals must cover: every member but `mimetype` and those of META-INF. */
  readonly members: ReadonlyMap<string, Buffer>;
  readonly seals: readonly UncheckedSeal[];
  /** The copy of the first seal's timestamp. */
  readonly token: Buffer | undefined;
  /** The first fault of the container or of a manifest: even if the signatures verify, they do not cover what is here. */
  readonly fault: BundleFault | undefined;
}

/** Of all members together, inflated. */
const MAX_BYTES = 4 * 1_048_576;
export const bundleLimits: ArchiveLimits = { members: 64, memberBytes: () => MAX_BYTES };

/** Where the bytes of a first member begin that is named `mimetype` and has no extra field. */
const START_OF_MIMETYPE = 30 + MIMETYPE.length;

/** Whether a ZIP claims to be a bundle: it is then judged as one, also where what makes it one is damaged. */
export function isBundle({ members, folders }: Listing): boolean {
  const paths = [...members.keys(), ...folders.map((name) => `${name}/`)];
  return paths.some((path) => path === MIMETYPE || path.startsWith(META_INF));
}

/**
 * Reads a bundle from its bytes.
 * @throws ArchiveRefused for a ZIP that two readers could understand differently, or that is too large
 */
export async function readBundle(bytes: Buffer): Promise<Bundle> {
  const source = sourceOf(bytes);
  return readListed(source, await listArchive(source, bundleLimits));
}

/**
 * Reads a bundle whose members are listed.
 * @throws ArchiveRefused
 */
export function readListed(source: ByteSource, listing: Listing): Bundle {
  const all = new Map<string, Buffer>();
  let left = MAX_BYTES;
  for (const [path, member] of listing.members) {
    const bytes = readMember(source, member, left);
    left -= bytes.length;
    all.set(path, bytes);
  }
  const members = new Map([...all].filter(([path]) => isData(path)));
  const seals = sealsOf(all);
  const fault = findTypeFault(listing, all) ?? findForeign(listing, all, seals) ?? findMissing(all, seals);
  return { members, seals, token: all.get(SEAL_TOKEN), fault: fault ?? findDifference(seals, members) };
}

function isData(path: string): boolean {
  return path !== MIMETYPE && !path.startsWith(META_INF);
}

/** The seals from 1 on, up to the first number that has not both of its files. */
function sealsOf(all: ReadonlyMap<string, Buffer>): readonly UncheckedSeal[] {
  const seals: UncheckedSeal[] = [];
  for (let number = 1; number <= MAX_SEALS; number++) {
    const [manifest, signature] = [all.get(manifestName(number)), all.get(signatureName(number))];
    if (!manifest || !signature) break;
    seals.push({ number, manifest, signature });
  }
  return seals;
}

/** @see ETSI EN 319 162-1 §A.1 */
function findTypeFault({ members }: Listing, all: ReadonlyMap<string, Buffer>): BundleFault | undefined {
  const member = members.get(MIMETYPE);
  const isFirst = member?.start === START_OF_MIMETYPE && !member.isDeflated;
  const isType = all.get(MIMETYPE)?.equals(Buffer.from(BUNDLE_TYPE, 'latin1')) === true;
  return isFirst && isType ? undefined : { reason: 'mimetype', member: MIMETYPE };
}

/** Members that no bundle has: beside a seal they would not be covered, and in a folder of their own they have no meaning. */
function findForeign(
  { folders }: Listing,
  all: ReadonlyMap<string, Buffer>,
  seals: readonly UncheckedSeal[],
): BundleFault | undefined {
  const [folder] = folders;
  if (folder !== undefined) return { reason: 'member-added', member: `${folder}/` };
  // With the two files of the seal that is incomplete, which is named as such.
  const numbers = Array.from({ length: seals.length + 1 }, (_, index) => index + 1);
  const known = [MIMETYPE, SEAL_TOKEN, ...numbers.flatMap((number) => [manifestName(number), signatureName(number)])];
  const foreign = [...all.keys()].find((path) => path.includes('/') && !known.includes(path));
  return foreign === undefined ? undefined : { reason: 'member-added', member: foreign };
}

/**
 * A bundle has a seal and the copy of its timestamp; a manifest without its signature was sealed too, and a signature without its
 * manifest is over nothing.
 */
function findMissing(all: ReadonlyMap<string, Buffer>, seals: readonly UncheckedSeal[]): BundleFault | undefined {
  const next = seals.length + 1;
  if (all.has(signatureName(next))) return { reason: 'manifest', member: manifestName(next) };
  if (seals.length === 0 || all.has(manifestName(next))) return { reason: 'stripped', member: signatureName(next) };
  return all.has(SEAL_TOKEN) ? undefined : { reason: 'member-missing', member: SEAL_TOKEN };
}

/** Each manifest covers every member and no other, by the SHA-256 that it has, and names the signature that stands beside it. */
function findDifference(seals: readonly UncheckedSeal[], members: Bundle['members']): BundleFault | undefined {
  for (const { number, manifest: bytes } of seals) {
    const manifest = attempt(() => parseManifest(bytes));
    if (manifest instanceof Malformed || manifest.signature !== signatureName(number))
      return { reason: 'manifest', member: manifestName(number) };
    const missing = [...manifest.digests.keys()].find((name) => !members.has(name));
    if (missing !== undefined) return { reason: 'member-missing', member: missing };
    for (const [name, content] of members) {
      const digest = manifest.digests.get(name);
      if (!digest) return { reason: 'member-added', member: name };
      if (!digest.equals(hash('sha256', content, 'buffer'))) return { reason: 'member-changed', member: name };
    }
  }
  return undefined;
}
