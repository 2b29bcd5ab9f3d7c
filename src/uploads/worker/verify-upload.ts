import { workerData } from 'piscina';
import { verifyEvidenceUpload } from '../../bundle/verify-evidence-upload.ts';
import { UploadRefused } from '../../evidence-files/upload.ts';
import { makeBundleTrust } from '../../bundle/trust.ts';
import { makeSettings } from '../../evidence-files/verify-settings.ts';
import type { UploadAnswer, UploadTask, VerifierSource } from '../upload-verifier.ts';

const { settings: source, trust: trustSource } = workerData as VerifierSource;
const settings = makeSettings(source);
const trust = makeBundleTrust(trustSource);

/** Runs in a worker thread, so that a hostile upload cannot block the service. */
export default async function run({ type, body, now }: UploadTask): Promise<UploadAnswer> {
  try {
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    return {
      report: await verifyEvidenceUpload(type, bytes, { ...settings, time: { now, vouchedAt: undefined } }, trust),
    };
  } catch (error) {
    if (error instanceof UploadRefused) {
      return { code: error.code, refused: error.reason, pointer: error.pointer, archive: error.archive };
    }
    throw error;
  }
}
