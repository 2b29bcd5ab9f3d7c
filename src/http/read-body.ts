import type { IncomingMessage } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { DomainError } from '../kernel/errors.ts';
import { jsonFaultOf, parseJsonText } from '../kernel/json.ts';
import { collectBody, tooLarge } from './collect-body.ts';

/** The largest body of a form or a JSON document, compressed and decompressed. */
const BODY_LIMIT = 64 * 1024;

type Unpack = (bytes: Buffer, limit: { readonly maxOutputLength: number }) => Buffer;

const codings: ReadonlyMap<string, Unpack> = new Map<string, Unpack>([
  ['identity', (bytes) => bytes],
  ['gzip', gunzipSync],
  ['deflate', inflateSync],
  ['br', brotliDecompressSync],
]);

const NO_SUCH_CODING = `The content codings of a body are ${[...codings.keys()].slice(1).join(', ')}.`;

const JSON_TYPE = /^application\/json\s*(?:;|$)/i;

/**
 * Reads the body of a request. Nothing reads it before, and only routes that need a body call this.
 * @throws DomainError `request.too-large`; `request.unsupported-media-type` for an unknown content coding;
 *   `request.malformed` if it was cut off or cannot be decompressed
 * @see RFC 9110 §8.4
 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const unpack = codings.get((request.headers['content-encoding'] ?? 'identity').toLowerCase());
  if (!unpack) throw new DomainError('request.unsupported-media-type', { detail: NO_SUCH_CODING });
  const bytes = await collectBody(request, { bytes: BODY_LIMIT });
  try {
    return unpack(bytes, { maxOutputLength: BODY_LIMIT });
  } catch (error) {
    const isTooLarge = (error as { readonly code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
    if (isTooLarge) throw tooLarge(BODY_LIMIT);
    throw new DomainError('request.malformed', {
      detail: 'The body does not have its Content-Encoding.',
      cause: error,
    });
  }
}

/**
 * The parsed JSON body of a request.
 * @throws DomainError like {@link readBody}; `request.unsupported-media-type` for another type; `request.malformed` if it is
 *   not JSON that `parseJsonText` accepts
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) {
    throw new DomainError('request.unsupported-media-type', { detail: 'The body must be application/json.' });
  }
  const bytes = await readBody(request);
  if (bytes.length === 0) throw malformedBody('The body is empty; JSON is expected.');
  const text = textOf(bytes);
  try {
    return parseJsonText(text);
  } catch (error) {
    throw malformedBody(jsonFaultOf(error));
  }
}

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformedBody('The body is not UTF-8.');
  }
}

function malformedBody(detail: string): DomainError {
  return new DomainError('request.malformed', { detail });
}
