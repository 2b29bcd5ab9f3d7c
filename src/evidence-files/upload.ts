import { parseJson } from '../crypto/json/canonical-json.ts';
import { attempt, Malformed } from '../crypto/malformed.ts';
import { isJsonObject, isShallow, type JsonObject } from '../kernel/json.ts';
import type { ErrorCode } from '../kernel/errors.ts';
import type { Report } from '../verification/report.ts';
import { holdsSignature } from './completion-files.ts';
import type { FileMessage } from './file-messages.ts';
import { unwrapEvidence } from './evidence-json.ts';
import { isFolderFile, type Files } from './folder-checks.ts';
import { verifyBare, verifyEvidenceJson, verifyFolder } from './verify-files.ts';
import type { Settings } from './verify-settings.ts';
import { ArchiveRefused, listArchive, readMember, sourceOf } from './zip-archive.ts';

export const uploadTypes = ['application/zip', 'application/json'] as const;
export type UploadType = (typeof uploadTypes)[number];

export const uploadLimits = { bodyBytes: 1_048_576, members: 64, inflatedBytes: 4 * 1_048_576 } as const;

/** The upload is not evidence. `reason` quotes nothing of it except the name of a file that does not belong there. */
export class UploadRefused extends Error {
  readonly code: UploadRefusal;
  readonly reason: string;
  readonly pointer: string | undefined;
  /** What is wrong with the ZIP. */
  readonly archive: FileMessage | undefined;

  constructor(code: UploadRefusal, reason: string, pointer?: string, archive?: FileMessage) {
    super(reason);
    this.code = code;
    this.reason = reason;
    this.pointer = pointer;
    this.archive = archive;
  }
}

/** `evidence.none`: the body was parsed and has no evidence. The others: the body is not of the claimed or required type. */
export type UploadRefusal = Extract<
  ErrorCode,
  'evidence.none' | 'request.malformed' | 'request.too-large' | 'request.unsupported-media-type'
>;

/**
 * Verifies an upload: a ZIP of one evidence folder, or as JSON a bare completion or the answer of `GET /evidence/{id}`. Trust, time
 * and relying party are those of `settings`; nothing in the upload can name them.
 * @throws UploadRefused
 */
export async function verifyUpload(type: UploadType, body: Buffer, settings: Settings): Promise<Report> {
  if (body.length > uploadLimits.bodyBytes) throw new UploadRefused('request.too-large', 'larger than 1 MiB');
  return type === 'application/zip' ? verifyFolder(await readFolder(body), settings) : verifyJson(body, settings);
}

const limits = {
  members: uploadLimits.members,
  memberBytes: () => uploadLimits.inflatedBytes,
};

async function readFolder(body: Buffer): Promise<Files> {
  try {
    const source = sourceOf(body);
    const { members, folders } = await listArchive(source, limits);
    const folder = folderIn([...members.keys()]);
    const foreign = folders.find((name) => `${name}/` !== folder);
    if (foreign !== undefined) throw notOfFolder(`${foreign}/`);
    const files = new Map<string, Buffer>();
    let left = uploadLimits.inflatedBytes;
    for (const [path, member] of members) {
      // A signed verdict names the SHA-256 of the whole upload, so there must be nothing in it that was not checked.
      const name = path.slice(folder.length);
      if (path !== folder + name || !isFolderFile(name)) throw notOfFolder(path);
      const bytes = readMember(source, member, left);
      left -= bytes.length;
      files.set(name, bytes);
    }
    return files;
  } catch (error) {
    if (!(error instanceof ArchiveRefused)) throw error;
    const code = error.reason.message === 'zip.no-zip' ? 'request.unsupported-media-type' : 'evidence.none';
    throw new UploadRefused(code, `the ZIP was refused: ${error.message}`, undefined, error.reason);
  }
}

function notOfFolder(path: string): UploadRefused {
  return new UploadRefused('evidence.none', `the ZIP holds ${path}, which is no file of an evidence folder`);
}

/** The only folder with a signature: '' for the top, otherwise with its slash. */
function folderIn(paths: readonly string[]): string {
  const name = 'signature.b64';
  const found = paths.filter((path) => path === name || path.endsWith(`/${name}`));
  const [first] = found;
  if (first === undefined || found.length > 1) {
    throw new UploadRefused('evidence.none', `the ZIP must hold exactly one evidence folder, by its ${name}`);
  }
  return first.slice(0, -name.length);
}

function verifyJson(body: Buffer, settings: Settings): Report {
  const value = attempt(() => parseJson(body, 'any'));
  if (value instanceof Malformed || !isJsonObject(value)) throw malformed('the body is not a JSON object', '');
  const evidence = unwrapEvidence(value);
  if (evidence) return verifyEvidenceJson(evidence, settings);
  const { signature, ocspResponse, consent } = readMembers(value);
  const text = (value: string | undefined): Buffer | undefined =>
    value === undefined ? undefined : Buffer.from(value, 'latin1');
  const files = {
    signature: Buffer.from(signature, 'latin1'),
    ocsp: text(ocspResponse),
    consent: consent && Buffer.from(JSON.stringify(consent), 'utf8'),
  };
  if (!holdsSignature(files.signature)) {
    throw new UploadRefused('evidence.none', 'signature is no XML signature, nor the base64 of one', '/signature');
  }
  return verifyBare(files, settings);
}

interface Members {
  readonly signature: string;
  readonly ocspResponse: string | undefined;
  readonly consent: JsonObject | undefined;
}

function readMembers(value: JsonObject): Members {
  const { signature, ocspResponse = null, consent = null, ...others } = value;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw malformed('only signature, ocspResponse and consent are taken', '');
  }
  if (typeof signature !== 'string') throw malformed('signature is not a text', '/signature');
  if (ocspResponse !== null && typeof ocspResponse !== 'string') {
    throw malformed('ocspResponse is not a text', '/ocspResponse');
  }
  if (consent !== null && !isJsonObject(consent)) throw malformed('consent is not an object', '/consent');
  if (!isShallow(consent)) throw malformed('consent is too deep', '/consent');
  return { signature, ocspResponse: ocspResponse ?? undefined, consent: consent ?? undefined };
}

function malformed(reason: string, pointer: string): UploadRefused {
  return new UploadRefused('request.malformed', reason, pointer);
}
