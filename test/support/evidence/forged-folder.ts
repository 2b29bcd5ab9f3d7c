import { evidenceDigest } from '../../../src/evidence-files/evidence-digest.ts';
import { DIGEST_FILE, digestFile, LOGIN_FILE, verifyText } from '../../../src/evidence-files/evidence-folder.ts';

type Files = ReadonlyMap<string, Buffer>;

/** A folder whose files were changed with care: the sums of VERIFY.txt fit them again, and the evidence digest does not. */
export function summed(files: Files): Map<string, Buffer> {
  const forged = new Map(files);
  forged.delete('VERIFY.txt');
  return forged.set('VERIFY.txt', verifyText(forged));
}

/** A folder that was forged as a whole: sums and evidence digest fit its files again, and only the bank's copy of the digest does not. */
export function redigestedFolder(files: Files): Map<string, Buffer> {
  const bytes = (name: string): Buffer => files.get(name) ?? Buffer.alloc(0);
  const { evidenceDigestRandom: random } = JSON.parse(String(bytes(DIGEST_FILE))) as Record<string, string>;
  const digest = evidenceDigest({
    random: Buffer.from(random ?? '', 'base64url'),
    signature: bytes('signature.b64'),
    ocsp: Buffer.from(String(bytes('ocsp.b64')), 'base64'),
    consent: bytes(files.has(LOGIN_FILE) ? LOGIN_FILE : 'consent.json'),
    visibleText: bytes('visible-text.txt'),
    circumstances: bytes('circumstances.json'),
    report: bytes('report.json'),
  });
  return summed(new Map(files).set(DIGEST_FILE, digestFile(digest.toString('base64url'), random ?? '')));
}
