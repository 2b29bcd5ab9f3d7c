import { uploadLimits, UploadRefused, verifyUpload, type UploadType } from '../evidence-files/upload.ts';
import type { Settings } from '../evidence-files/verify-settings.ts';
import { ArchiveRefused, listArchive, sourceOf, type ByteSource, type Listing } from '../evidence-files/zip-archive.ts';
import { BUNDLE_TYPE } from './container.ts';
import type { Container, EvidenceReport } from './findings.ts';
import { bundleLimits, isBundle, readListed } from './read-bundle.ts';
import type { BundleTrust } from './trust.ts';
import { unsealed, verifyBundle } from './verify-bundle.ts';

export const evidenceUploadTypes = [BUNDLE_TYPE, 'application/zip', 'application/json'] as const;
export type EvidenceUploadType = (typeof evidenceUploadTypes)[number];

/**
 * Verifies an upload, and says what vouches for it as a whole. A ZIP that claims to be a bundle is judged as one, also when it
 * comes as `application/zip`.
 * @throws UploadRefused
 */
export async function verifyEvidenceUpload(
  type: EvidenceUploadType,
  body: Buffer,
  settings: Settings,
  trust: BundleTrust,
): Promise<EvidenceReport> {
  if (body.length > uploadLimits.bodyBytes) throw new UploadRefused('request.too-large', 'larger than 1 MiB');
  if (type !== 'application/json') {
    const source = sourceOf(body);
    const listing = await findBundle(type, source);
    if (listing)
      return verifyBundle(
        refusing(() => readListed(source, listing)),
        settings,
        trust,
      );
  }
  const plain: UploadType = type === 'application/json' ? type : 'application/zip';
  const report = await verifyUpload(plain, body, settings);
  return unsealed(report, containerOf(plain, report.scope), trust);
}

/** What the bundle holds; undefined for another ZIP, or for what is refused as one. */
async function findBundle(type: EvidenceUploadType, source: ByteSource): Promise<Listing | undefined> {
  try {
    const listing = await listArchive(source, bundleLimits);
    return type === BUNDLE_TYPE || isBundle(listing) ? listing : undefined;
  } catch (error) {
    if (error instanceof ArchiveRefused) return undefined;
    throw error;
  }
}

function refusing<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ArchiveRefused)) throw error;
    throw new UploadRefused('evidence.none', `the ZIP was refused: ${error.message}`, undefined, error.reason);
  }
}

function containerOf(type: UploadType, scope: EvidenceReport['scope']): Exclude<Container, 'bundle'> {
  if (type === 'application/zip') return 'folder';
  return scope === 'signature' ? 'signature' : 'json';
}
