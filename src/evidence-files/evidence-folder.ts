import { hash } from 'node:crypto';
import { canonicalJson } from '../crypto/json/canonical-json.ts';
import { loginNotes } from './folder/login-notes.ts';
import { consentNotes } from './folder/verify-notes.ts';
import { verifyScript } from './folder/verify-script.ts';

/** The content of a folder, as stored. */
export interface FolderContent {
  readonly evidenceDigest: Uint8Array;
  readonly random: Uint8Array;
  /** The base64 text exactly as delivered. */
  readonly signature: string;
  /** Base64; undefined if BankID delivered none. */
  readonly ocsp: string | undefined;
  /** RFC 8785 text. */
  readonly consent: string;
  readonly visibleText: Uint8Array;
  readonly nonVisibleData: Uint8Array;
  /** RFC 8785 text, which names the evidence by its id. */
  readonly circumstances: string;
  /** RFC 8785 text: what the verifier found when the evidence was stored. */
  readonly report: string;
  /** PEM of the root that vouched for the signature when it was accepted. */
  readonly root: string;
  /** The TPP's own signed request (RFC 9101), if it sent one. */
  readonly requestObject?: string | undefined;
}

/** What a folder has in place of consent.json if it is that of a login. */
export const LOGIN_FILE = 'login.json';

/** The content of the folder of a login: the RFC 8785 text of login.json takes the place of consent.json. */
export type LoginFolderContent = Omit<FolderContent, 'consent' | 'requestObject'> & { readonly login: string };

/**
 * The evidence folder: file name → bytes, in a fixed order and the same for the same evidence, byte for byte.
 * `VERIFY.txt` ends with the SHA-256 of every other file and of its own lines above.
 */
export function evidenceFolder(evidence: FolderContent | LoginFolderContent): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>([
    ['bankid-root.pem', utf8(evidence.root)],
    ['circumstances.json', utf8(evidence.circumstances)],
    'login' in evidence ? [LOGIN_FILE, utf8(evidence.login)] : ['consent.json', utf8(evidence.consent)],
    [DIGEST_FILE, digestFile(base64url(evidence.evidenceDigest), base64url(evidence.random))],
    ['non-visible.json', Buffer.from(evidence.nonVisibleData)],
    ['ocsp.b64', utf8(evidence.ocsp ?? '')],
    ['report.json', utf8(evidence.report)],
    ['signature.b64', utf8(evidence.signature)],
    ['verify.sh', script],
    ['visible-text.txt', Buffer.from(evidence.visibleText)],
  ]);
  const requestObject = 'login' in evidence ? undefined : evidence.requestObject;
  if (requestObject !== undefined) files.set('request-object.jwt', utf8(requestObject));
  return files.set(FOLDER_NOTES, verifyText(files));
}

/** What a folder says of its own evidence digest: a file of its own, because the digest covers every other statement. */
export const DIGEST_FILE = 'evidence-digest.json';

/** The bytes of that file. @param evidenceDigest in base64url, as are the random bytes */
export function digestFile(evidenceDigest: string, evidenceDigestRandom: string): Buffer {
  return utf8(canonicalJson({ evidenceDigest, evidenceDigestRandom }));
}

/** The files that have a line in `VERIFY.txt`, in its order. */
const summed = [
  'bankid-root.pem',
  'circumstances.json',
  'consent.json',
  LOGIN_FILE,
  DIGEST_FILE,
  'non-visible.json',
  'ocsp.b64',
  'report.json',
  'signature.b64',
  'verify.sh',
  'visible-text.txt',
  'request-object.jwt',
];

/** The `VERIFY.txt` that follows from the other files of a folder, byte for byte. */
export function verifyText(files: ReadonlyMap<string, Buffer>): Buffer {
  const sums = summed.flatMap((name) => {
    const bytes = files.get(name);
    return bytes ? [`${isVerifyScript(bytes) ? scriptSum : sha256(bytes)}  ${name}\n`] : [];
  });
  const above = Buffer.concat([files.has(LOGIN_FILE) ? notesOfLogin : notesOfConsent, utf8(sums.join(''))]);
  return Buffer.concat([above, utf8(`${sha256(above)}  the lines above\n`)]);
}

/** The file of a folder that holds the sum of every other one. */
export const FOLDER_NOTES = 'VERIFY.txt';

/** The list of an export's folders: one line each, as `sha256sum -c` reads it. */
export const FOLDER_LIST = 'folders.sha256';

/** The CAdES seal over an export's manifest.json, in DER. */
export const MANIFEST_SEAL = 'manifest.p7s';

/** The lines of a folder: what VERIFY.txt covers by that file, and what stands beside the evidence each by itself. */
export function folderLines(
  folder: string,
  files: ReadonlyMap<string, Buffer>,
  beside: ReadonlyMap<string, Buffer> = new Map(),
): string {
  const lines = [...beside].map(([name, bytes]) => `${sha256(bytes)}  ${folder}/${name}\n`);
  const notes = files.get(FOLDER_NOTES);
  return [...(notes ? [`${sha256(notes)}  ${folder}/${FOLDER_NOTES}\n`] : []), ...lines].join('');
}

/** What an export has in a folder beside the evidence: written for people, and no part of what is hashed or sealed as the evidence. */
export const besideEvidence: readonly string[] = ['audit.jsonl', 'receipt.pdf', 'report.en.txt', 'report.sv.txt'];

/** The files that are evidence, of a folder that may be one of an export. */
export function evidenceOf(folder: ReadonlyMap<string, Buffer>): ReadonlyMap<string, Buffer> {
  return new Map([...folder].filter(([file]) => !besideEvidence.includes(file)));
}

/** The sealed bundle of an evidence, where an export has it in place of the evidence folder. */
export const BUNDLE_FILE = 'evidence.asice';

/** The evidence of an export for machines: one line each, as `GET /evidence/{id}` answers. */
export const EVIDENCE_LINES = 'evidence.jsonl';

/**
 * The folder of an evidence in an export: `000123_2026-11-03_` and the consent. In the order of names they stand in that of the ledger.
 * @param number in the ledger of the bank
 * @param day on which it was authorised, in Sweden
 */
export function exportFolder(number: number, day: string, consentId: string): string {
  return `${String(number).padStart(6, '0')}_${day}_${consentId}`;
}

/** The consent that the name of an export's folder ends with. */
export function consentIn(folder: string): string {
  return folder.slice(folder.lastIndexOf('_') + 1);
}

/** Whether a folder has the name of an export's folder of this consent. */
export function isExportFolder(folder: string, consentId: string): boolean {
  return /^(?!0+_)\d{6,16}_\d{4}-\d\d-\d\d_/.test(folder) && consentIn(folder) === consentId;
}

/** How much an export may hold: what one takes longer to write is harder to hand over than two. */
export const exportLimits = {
  consents: 100_000,
  /** The files of an evidence, what is beside it, the folder itself where the export was packed again, and the lists. */
  members: 100_000 * 17 + 10,
} as const;

/** Whether a file is exactly the `verify.sh` of every folder: an auditor must not run another program by that name. */
export function isVerifyScript(bytes: Buffer): boolean {
  return bytes.equals(script);
}

const notesOfConsent = utf8(consentNotes);
const notesOfLogin = utf8(loginNotes);
const script = utf8(verifyScript);
const scriptSum = sha256(script);

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

function sha256(bytes: Uint8Array | string): string {
  return hash('sha256', bytes, 'hex');
}

function utf8(text: string): Buffer {
  return Buffer.from(text, 'utf8');
}
