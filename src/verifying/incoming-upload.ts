import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { DomainError } from '../kernel/errors.ts';
import { uploadLimits, uploadTypes } from './upload.ts';
import type { IncomingUpload } from './upload-verifier.ts';

export type VerdictForm = 'application/json' | 'application/jose';

/**
 * The upload of a request whose body nobody has read yet.
 * @throws DomainError `request.unsupported-media-type`, also for a coded body: what it would inflate to is not to be guessed;
 *   `request.too-large` where the length it declares is
 * @see RFC 9110 §8.3, §8.4
 */
export function incomingUpload(request: IncomingMessage): IncomingUpload {
  const [declared = ''] = (request.headers['content-type'] ?? '').split(';');
  const type = uploadTypes.find((known) => known === declared.trim().toLowerCase());
  const coding = request.headers['content-encoding'] ?? 'identity';
  if (!type || coding !== 'identity') {
    throw new DomainError('request.unsupported-media-type', {
      detail: `The body is ${uploadTypes.join(' or ')}, without a content coding.`,
    });
  }
  if (Number(request.headers['content-length'] ?? 0) > uploadLimits.bodyBytes)
    throw new DomainError('request.too-large');
  // The socket lives on when reading stops early: the refusal has to get back.
  const stream: Readable = request;
  return { type, body: stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array> };
}

/** A signed verdict is given to who asks for nothing else; everybody else gets JSON. @see RFC 9110 §12.5.1 */
export function verdictForm(request: IncomingMessage): VerdictForm {
  const wanted = (request.headers.accept ?? '').split(',').map((range) => range.split(';')[0]?.trim().toLowerCase());
  return wanted.includes('application/jose') ? 'application/jose' : 'application/json';
}
