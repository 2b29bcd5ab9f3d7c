import { workerData } from 'piscina';
import { verifyEvidenceUpload } from '../../bundle/verify-evidence-upload.ts';
import { UploadRefused } from '../../evidence-files/upload.ts';
import { makeSettings, type SettingsSource } from '../../evidence-files/verify-settings.ts';
import type { UploadAnswer, UploadTask } from '../upload-verifier.ts';

const source = workerData as SettingsSource;
const settings = makeSettings(source);

/** Runs in a worker thread, so that a hostile upload cannot block the service. */
export default async function run({ type, body, now }: UploadTask): Promise<UploadAnswer> {
  try {
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    return { report: await verifyEvidenceUpload(type, bytes, { ...settings, time: { now, vouchedAt: undefined } }) };
  } catch (error) {
    if (error instanceof UploadRefused) {
      return { code: error.code, refused: error.reason, pointer: error.pointer, archive: error.archive };
    }
    throw error;
  }
}
