import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { Request, Response } from 'express';
import { DomainError } from '../kernel/errors.ts';
import type { ReadingPurpose } from './purpose.ts';
import { uploadLimits, uploadTypes } from './upload.ts';
import type { IncomingUpload } from './upload-verifier.ts';
import { verdictForms, type VerdictForm, type Verdicts } from './verdicts.ts';

/**
 * Answers one request for a verdict, in the form that its `Accept` prefers: JSON where it has no preference.
 * @throws DomainError as {@link Verdicts.giveVerdict} and {@link incomingUpload}
 * @see RFC 9110 §12.5.1
 */
export async function answerVerdict(
  verdicts: Verdicts,
  request: Request,
  response: Response,
  { caller, purpose }: { readonly caller: string; readonly purpose: ReadingPurpose },
): Promise<void> {
  const form = verdictForm(request);
  const language = /^sv\b/i.test(request.headers['accept-language'] ?? '') ? 'sv' : 'en';
  const verdict = await verdicts.giveVerdict({ upload: incomingUpload(request), form, language, caller, purpose });
  response.type(form).setHeader('Cache-Control', 'no-store').send(verdict);
}

/**
 * The upload of a request whose body is still unread.
 * @throws DomainError `request.unsupported-media-type`, also for a coded body: what it would inflate to is not to be guessed;
 *   `request.too-large` where the length it declares is
 * @see RFC 9110 §8.3, §8.4
 */
function incomingUpload(request: IncomingMessage): IncomingUpload {
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

/** JSON also where nothing that the caller accepts can be had. */
function verdictForm(request: Request): VerdictForm {
  const accepted = request.accepts([...verdictForms]);
  return verdictForms.find((form) => form === accepted) ?? 'application/json';
}
