import type { IncomingMessage } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { DomainError } from '../kernel/errors.ts';
import { parseJsonText } from '../kernel/json.ts';
import { collectBody } from './collect-body.ts';

/** The largest body of a form or a JSON document, packed or not. */
const BODY_LIMIT = 64 * 1024;

type Unpack = (bytes: Buffer, limit: { readonly maxOutputLength: number }) => Buffer;

const codings: ReadonlyMap<string, Unpack> = new Map<string, Unpack>([
  ['identity', (bytes) => bytes],
  ['gzip', gunzipSync],
  ['deflate', inflateSync],
  ['br', brotliDecompressSync],
]);

const JSON_TYPE = /^application\/json\s*(?:;|$)/i;

/**
 * The body of a request, which is read here and nowhere before: only when its route needs it.
 * @throws DomainError `request.too-large`; `request.unsupported-media-type` for a coding that we do not know;
 *   `request.malformed` when it was cut off or does not unpack
 * @see RFC 9110 §8.4
 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const unpack = codings.get((request.headers['content-encoding'] ?? 'identity').toLowerCase());
  if (!unpack) throw new DomainError('request.unsupported-media-type');
  const bytes = await collectBody(request, { bytes: BODY_LIMIT });
  try {
    return unpack(bytes, { maxOutputLength: BODY_LIMIT });
  } catch (error) {
    const isTooLarge = (error as { readonly code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
    throw new DomainError(isTooLarge ? 'request.too-large' : 'request.malformed', { cause: error });
  }
}

/**
 * The parsed JSON body of a request.
 * @throws DomainError like {@link readBody}; `request.unsupported-media-type` for another type; `request.malformed` where it is
 *   not JSON that can be read on without care
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) {
    throw new DomainError('request.unsupported-media-type', { detail: 'The body must be application/json.' });
  }
  const bytes = await readBody(request);
  try {
    return parseJsonText(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new DomainError('request.malformed');
  }
}
