import { isBundle, readListed } from '../../bundle/read-bundle.ts';
import { findObject } from '../../crypto/json/canonical-json.ts';
import { Malformed } from '../../crypto/malformed.ts';
import { DIGEST_FILE } from '../../evidence-files/evidence-folder.ts';
import { findEvidenceJson } from '../../evidence-files/evidence-json.ts';
import { findDamage, isFolderFile, type Files } from '../../evidence-files/folder-checks.ts';
import { listArchive, readMember, sourceOf } from '../../evidence-files/zip-archive.ts';
import { findInstant } from '../../kernel/clock.ts';
import { parseConsentId, parseEvidenceId, type ConsentId, type EvidenceId } from '../../kernel/ids.ts';

/** What a file says of the evidence in it; the digest is that of its content. */
export interface EvidenceFile {
  readonly digest: Buffer;
  readonly evidenceId: EvidenceId;
  readonly consentId: ConsentId;
  /** When it was signed, by the report; undefined where it was not. */
  readonly signedAt: Date | undefined;
}

const MAX_BYTES = 4 * 1_048_576;
const limits = { members: 64, memberBytes: () => MAX_BYTES };

/**
 * Reads evidence from the ZIP of a folder, a bundle or the JSON of `GET /evidence/{id}`. That it is whole is known by its digest.
 * @throws Malformed where it is none, or not as it was written; ArchiveRefused
 */
export async function readEvidenceFile(bytes: Buffer): Promise<EvidenceFile> {
  const files = await readFiles(bytes);
  const folder = new Map([...files].filter(([name]) => isFolderFile(name)));
  if (findDamage(folder) !== undefined || !folder.has('consent.json'))
    throw new Malformed('no whole evidence of a payment');
  const member = (file: string, name: string): string => {
    const value = findObject(folder.get(file))?.[name];
    return typeof value === 'string' ? value : '';
  };
  return {
    digest: Buffer.from(member(DIGEST_FILE, 'evidenceDigest'), 'base64url'),
    evidenceId: parseEvidenceId(member('circumstances.json', 'evidenceId')),
    consentId: parseConsentId(member('consent.json', 'consentId')),
    signedAt: findInstant(member('report.json', 'signedAt')),
  };
}

async function readFiles(bytes: Buffer): Promise<Files> {
  if (bytes.length > MAX_BYTES) throw new Malformed('larger than 4 MiB');
  const json = findEvidenceJson(bytes);
  if (json) return json.files;
  const source = sourceOf(bytes);
  const listing = await listArchive(source, limits);
  if (isBundle(listing)) return readListed(source, listing).members;
  const [first] = [...listing.members.keys()].filter((path) => /(^|\/)signature\.b64$/.test(path));
  if (first === undefined) throw new Malformed('no evidence folder');
  const prefix = first.slice(0, -'signature.b64'.length);
  let left = MAX_BYTES;
  const files = new Map<string, Buffer>();
  for (const [path, member] of listing.members) {
    if (!path.startsWith(prefix)) continue;
    const content = readMember(source, member, left);
    left -= content.length;
    files.set(path.slice(prefix.length), content);
  }
  return files;
}
