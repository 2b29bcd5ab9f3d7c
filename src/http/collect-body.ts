import type { IncomingMessage } from 'node:http';
import { DomainError } from '../kernel/errors.ts';
import { currentRequest } from '../operations/current-request.ts';

export interface BodyLimits {
  readonly bytes: number;
  /** For the whole body, counted from now; without one, the listener's limit for a whole request holds. */
  readonly ms?: number;
}

/**
 * The body of a request as sent, compressed or not. Once it is too large or too late, nothing more of it is kept; the rest
 * is dropped with the answer. While it arrives, the request holds no place.
 * @throws DomainError `request.too-large`, by its declared or its real length; `request.too-slow`; `request.malformed` if it
 *   was cut off; `service.unavailable` if no place is free any more when it has arrived
 */
export async function collectBody(request: IncomingMessage, { bytes, ms }: BodyLimits): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > bytes) throw tooLarge(bytes);
  let deadline: NodeJS.Timeout | undefined;
  const place = currentRequest()?.place;
  if (!request.complete) place?.leave();
  try {
    const body = await new Promise<Buffer>((resolve, reject) => {
      if (ms !== undefined) deadline = setTimeout(() => reject(new DomainError('request.too-slow')), ms);
      collect(request, bytes, resolve, reject);
    });
    place?.takeAgain();
    return body;
  } finally {
    clearTimeout(deadline);
  }
}

export function tooLarge(bytes: number): DomainError {
  return new DomainError('request.too-large', { detail: `The body is larger than ${bytes} bytes.` });
}

function collect(
  request: IncomingMessage,
  limit: number,
  resolve: (body: Buffer) => void,
  reject: (error: DomainError) => void,
): void {
  const cutOff = (cause?: unknown): void =>
    reject(new DomainError('request.malformed', { log: 'the body was cut off', cause }));
  if (request.destroyed) return cutOff();
  const chunks: Buffer[] = [];
  let size = 0;
  let hasEnded = false;
  request
    .on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else {
        chunks.length = 0;
        reject(tooLarge(limit));
      }
    })
    .once('end', () => {
      hasEnded = true;
      resolve(Buffer.concat(chunks));
    })
    .once('error', cutOff)
    // Also emitted after the end; creating an error for nothing would cost 30 µs of processor time per request.
    .once('close', () => {
      if (!hasEnded) cutOff();
    });
}
