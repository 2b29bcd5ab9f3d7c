import { hash } from 'node:crypto';
import { decodeBase64 } from '../crypto/base64.ts';
import { findObject } from '../crypto/json/canonical-json.ts';
import { attempt, Malformed } from '../crypto/malformed.ts';
import { evidenceDigest } from './evidence-digest.ts';
import { besideEvidence, DIGEST_FILE, digestFile, isVerifyScript, LOGIN_FILE, verifyText } from './evidence-folder.ts';
import type { Reason } from '../verification/messages.ts';

export type Files = ReadonlyMap<string, Buffer>;

/** The required files of an evidence folder besides consent.json or login.json. */
const commonFiles = [
  'signature.b64',
  'ocsp.b64',
  'visible-text.txt',
  'non-visible.json',
  'circumstances.json',
  'report.json',
  DIGEST_FILE,
  'bankid-root.pem',
  'VERIFY.txt',
  'verify.sh',
] as const;

const ofConsent: readonly string[] = ['consent.json', ...commonFiles];
const ofLogin: readonly string[] = [LOGIN_FILE, ...commonFiles];

/** Whether some folder may have a file of this name: those above, and the TPP's own request if it signed one. */
export function isFolderFile(name: string): boolean {
  return name === REQUEST_OBJECT || name === LOGIN_FILE || ofConsent.includes(name);
}

const REQUEST_OBJECT = 'request-object.jwt';

/**
 * The first sign of a change that was not covered up: a missing or additional file, a
 * checksum in VERIFY.txt, the evidence digest that the bank got. The absence of such signs proves nothing. What an export puts beside
 * the evidence is left alone, as `verify.sh` leaves it: the list of the export has its sum.
 */
export function findDamage(files: Files): Reason | undefined {
  const isLogin = files.has(LOGIN_FILE);
  const required = isLogin ? ofLogin : ofConsent;
  const missing = required.find((name) => !files.has(name));
  if (missing !== undefined) return { message: 'content.file-missing', parameters: { file: missing } };
  const known = isLogin ? required : [...required, REQUEST_OBJECT, ...besideEvidence];
  const isForeign = (name: string): boolean => !known.includes(name);
  const foreign = [...files.keys()].find(isForeign);
  if (foreign !== undefined) return { message: 'content.file-unknown', parameters: { file: foreign } };
  return findChangedText(files) ?? findDigestDifference(files);
}

/**
 * `VERIFY.txt` follows from the other files, and `verify.sh` is the same in every folder, so one comparison is enough;
 * the file that differs is searched for only if the comparison fails.
 */
function findChangedText(files: Files): Reason | undefined {
  const [script, notes] = [files.get('verify.sh'), files.get('VERIFY.txt')];
  if (!notes?.equals(verifyText(files))) {
    return findChangedSum(files) ?? { message: 'content.not-written', parameters: { file: 'VERIFY.txt' } };
  }
  const isKnown = script !== undefined && isVerifyScript(script);
  return isKnown ? undefined : { message: 'content.not-written', parameters: { file: 'verify.sh' } };
}

function findChangedSum(files: Files): Reason | undefined {
  const lines = (files.get('VERIFY.txt')?.toString('utf8') ?? '').split('\n');
  const sums = lines.flatMap((line) => {
    const match = /^([0-9a-f]{64}) {2}([A-Za-z0-9._-]+)$/.exec(line);
    return match ? [{ sum: match[1], name: match[2] ?? '' }] : [];
  });
  const changed = sums.find(({ sum, name }) => {
    const bytes = files.get(name);
    return !bytes || hash('sha256', bytes, 'hex') !== sum;
  });
  return changed && { message: 'content.file-changed', parameters: { file: changed.name } };
}

function findDigestDifference(files: Files): Reason | undefined {
  const { evidenceDigest: digest, evidenceDigestRandom: random } = findObject(files.get(DIGEST_FILE)) ?? {};
  if (typeof random !== 'string' || typeof digest !== 'string')
    return { message: 'content.file-differs', parameters: { file: DIGEST_FILE } };
  if (!files.get(DIGEST_FILE)?.equals(digestFile(digest, random)))
    return { message: 'content.not-written', parameters: { file: DIGEST_FILE } };
  const randomBytes = Buffer.from(random, 'base64url');
  const file = (name: string): Buffer => files.get(name) ?? Buffer.alloc(0);
  const ocsp = attempt(() => decodeBase64(file('ocsp.b64').toString('latin1')));
  // Only the canonical spelling, by which verify.sh reads it too.
  const isPlain = randomBytes.length === 32 && randomBytes.toString('base64url') === random;
  if (!isPlain || ocsp instanceof Malformed) return 'content.evidence-digest';
  const evidence = {
    random: randomBytes,
    signature: file('signature.b64'),
    ocsp,
    consent: file(files.has(LOGIN_FILE) ? LOGIN_FILE : 'consent.json'),
    visibleText: file('visible-text.txt'),
    circumstances: file('circumstances.json'),
    report: file('report.json'),
  };
  return evidenceDigest(evidence).toString('base64url') === digest ? undefined : 'content.evidence-digest';
}
