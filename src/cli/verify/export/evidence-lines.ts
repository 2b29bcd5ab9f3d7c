import { findObject } from '../../../crypto/json/canonical-json.ts';
import { DIGEST_FILE, EVIDENCE_LINES } from '../../../evidence-files/evidence-folder.ts';
import { findEvidenceJson } from '../../../evidence-files/evidence-json.ts';
import type { ArchiveWarning } from '../../../evidence-files/file-messages.ts';
import { findDamage } from '../../../evidence-files/folder-checks.ts';

/** What evidence.jsonl of an export holds. */
export interface HeldEvidence {
  readonly problems: readonly ArchiveWarning[];
  /** By folder, the evidence digest, in base64url, that the evidence itself leads to. */
  readonly digests: ReadonlyMap<string, string>;
}

/**
 * Reads evidence.jsonl of an export, whose folders hold no evidence: each has one line, whole, and no line is of another consent. The
 * signatures are not verified here.
 * @param bytes undefined where the file is missing
 */
export function readEvidenceLines(bytes: Buffer | undefined, folders: Iterable<string>): HeldEvidence {
  const problems: ArchiveWarning[] = [];
  const digests = new Map<string, string>();
  const folderOf = new Map([...folders].map((folder) => [folder.slice(folder.lastIndexOf('_') + 1), folder]));
  let count = 0;
  for (const line of bytes ? linesOf(bytes) : []) {
    count += 1;
    const { consentId, digest } = findHeld(line) ?? {};
    const folder = consentId === undefined ? undefined : folderOf.get(consentId);
    if (folder === undefined || digest === undefined || digests.has(folder))
      problems.push({ id: 'lines.differ', file: `${EVIDENCE_LINES} ${count}` });
    else digests.set(folder, digest);
  }
  for (const folder of folderOf.values())
    if (!digests.has(folder)) problems.push({ id: 'lines.missing', file: folder });
  return { problems, digests };
}

/** Each without its newline; what stands behind the last one is a line too. */
function* linesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length;) {
    const found = bytes.indexOf('\n', at);
    const end = found === -1 ? bytes.length : found;
    yield bytes.subarray(at, end);
    at = end + 1;
  }
}

/** Undefined for what is no evidence, or contradicts itself: its digest is that of all its parts. */
function findHeld(line: Buffer): { readonly consentId: string; readonly digest: string } | undefined {
  const evidence = findEvidenceJson(line);
  if (!evidence || (evidence.difference ?? findDamage(evidence.files))) return undefined;
  const consentId = findObject(evidence.files.get('consent.json'))?.['consentId'];
  const digest = findObject(evidence.files.get(DIGEST_FILE))?.['evidenceDigest'];
  return typeof consentId === 'string' && typeof digest === 'string' ? { consentId, digest } : undefined;
}
