import type { IncomingMessage } from 'node:http';
import { DomainError } from '../../kernel/errors.ts';
import { uploadLimits } from '../../evidence-files/upload.ts';
import { readBody } from '../incoming-upload.ts';
import { parseReadingPurpose } from '../purpose.ts';
import type { ReceivedUpload } from '../upload-verifier.ts';

/** What the form adds to its files: boundaries, names, the purpose. */
const FORM_BYTES = 16_384;

/** The form names no upload that can be verified. */
export class FormError extends DomainError {
  readonly fault: 'no-file' | 'several';

  constructor(fault: FormError['fault']) {
    super('request.malformed', { detail: 'The form holds no file, or files that do not belong together.' });
    this.fault = fault;
  }
}

/**
 * The upload that a form holds: one file, or a signature and its OCSP response.
 * @throws DomainError `request.unsupported-media-type`, `request.malformed`, `caller.purpose-required`, and as {@link readBody};
 *   FormError
 * @see RFC 7578
 */
export async function receiveForm(request: IncomingMessage): Promise<ReceivedUpload> {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) throw new DomainError('request.unsupported-media-type');
  const form = await parseForm(await readBody(request, uploadLimits.bodyBytes + FORM_BYTES), type);
  const purpose = parseReadingPurpose(form.get('purpose'));
  const files = form.getAll('files').filter((value) => typeof value !== 'string' && value.size > 0) as File[];
  return { purpose, ...uploadOf(await Promise.all(files.map(readFile))) };
}

async function parseForm(body: Buffer, type: string): Promise<FormData> {
  try {
    // Deprecated for servers because it does not stream; this body is in memory, and bounded.
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
    return await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  } catch (cause) {
    throw new DomainError('request.malformed', { log: 'the form cannot be read', cause });
  }
}

interface NamedBytes {
  readonly name: string;
  readonly bytes: Buffer;
}

async function readFile(file: File): Promise<NamedBytes> {
  return { name: file.name, bytes: Buffer.from(await file.arrayBuffer()) };
}

/** By its content, for a name says nothing; what is neither ZIP nor JSON is meant as a signature. */
function uploadOf(files: readonly NamedBytes[]): Pick<ReceivedUpload, 'type' | 'bytes'> {
  const [first, second, ...others] = files;
  if (!first) throw new FormError('no-file');
  if (others.length > 0) throw new FormError('several');
  if (!second && first.bytes.toString('latin1', 0, 2) === 'PK') return { type: 'application/zip', bytes: first.bytes };
  if (!second && /^\s*\{/.test(first.bytes.toString('latin1', 0, 64)))
    return { type: 'application/json', bytes: first.bytes };
  return { type: 'application/json', bytes: completionOf(first, second) };
}

/** A BankID completion as the JSON that describes one. */
function completionOf(first: NamedBytes, second: NamedBytes | undefined): Buffer {
  const [signature, ocsp] = isOcsp(first) ? [second, first] : [first, second];
  if (!signature || isOcsp(signature) || (ocsp && !isOcsp(ocsp))) throw new FormError(second ? 'several' : 'no-file');
  const members = {
    signature: signature.bytes.toString('latin1').trim(),
    ...(ocsp ? { ocspResponse: base64Of(ocsp.bytes) } : {}),
  };
  return Buffer.from(JSON.stringify(members), 'latin1');
}

function isOcsp({ name }: NamedBytes): boolean {
  return /\.(?:ocsp|der)$|ocsp\.b64$/i.test(name);
}

/** From DER, or base64 that stays as it is. */
function base64Of(bytes: Buffer): string {
  return bytes[0] === 0x30 && (bytes[1] ?? 0) >= 0x80 ? bytes.toString('base64') : bytes.toString('latin1').trim();
}
