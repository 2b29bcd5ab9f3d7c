import { verifyUpload, type UploadType } from '../evidence-files/upload.ts';
import type { Settings } from '../evidence-files/verify-settings.ts';
import { trustsNone, type EvidenceReport } from './evidence-report.ts';
import type { Container } from './findings.ts';

/**
 * Verifies an upload, and says what vouches for it as a whole.
 * @throws UploadRefused
 */
export async function verifyEvidenceUpload(
  type: UploadType,
  body: Buffer,
  settings: Settings,
): Promise<EvidenceReport> {
  const report = await verifyUpload(type, body, settings);
  const none = { state: 'none' } as const;
  return { ...report, container: containerOf(type, report.scope), seal: none, ledger: none, trusted: trustsNone };
}

function containerOf(type: UploadType, scope: EvidenceReport['scope']): Container {
  if (type === 'application/zip') return 'folder';
  return scope === 'signature' ? 'signature' : 'json';
}
