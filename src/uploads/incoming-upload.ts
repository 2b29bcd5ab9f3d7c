import type { IncomingMessage } from 'node:http';
import type { Request, Response } from 'express';
import { SECOND_MS } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import { collectBody } from '../http/collect-body.ts';
import type { ReadingPurpose } from './purpose.ts';
import { evidenceUploadTypes } from '../bundle/verify-evidence-upload.ts';
import { uploadLimits } from '../evidence-files/upload.ts';
import type { IncomingUpload } from './upload-verifier.ts';
import { verdictForms, type VerdictForm, type Verdicts } from './verdicts.ts';

/** Enough for the largest upload at half a megabit per second. */
const BODY_MS = 20 * SECOND_MS;

/**
 * Answers a request for a verdict in the form that its `Accept` prefers, or as JSON.
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
  const language = request.acceptsLanguages(['en', 'sv']) === 'sv' ? 'sv' : 'en';
  const upload = incomingUpload(request, caller, purpose);
  const verdict = await verdicts.giveVerdict({ upload, form, language });
  response.type(form).setHeader('Cache-Control', 'no-store').send(verdict);
}

/**
 * The upload of a request whose body is still unread.
 * @throws DomainError `request.unsupported-media-type`, also for a compressed body, whose real size is unknown
 * @see RFC 9110 §8.3, §8.4
 */
function incomingUpload(request: IncomingMessage, caller: string, purpose: ReadingPurpose): IncomingUpload {
  const [declared = ''] = (request.headers['content-type'] ?? '').split(';');
  const type = evidenceUploadTypes.find((known) => known === declared.trim().toLowerCase());
  const coding = request.headers['content-encoding'] ?? 'identity';
  if (!type || coding !== 'identity') {
    throw new DomainError('request.unsupported-media-type', {
      detail: `The body is ${evidenceUploadTypes.join(' or ')}, without a content coding.`,
    });
  }
  return {
    caller,
    read: async () => ({ type, purpose, bytes: await readBody(request, uploadLimits.bodyBytes) }),
  };
}

/** @throws DomainError `request.too-large`, `request.too-slow`, as {@link collectBody} */
export function readBody(request: IncomingMessage, bytes: number): Promise<Buffer> {
  return collectBody(request, { bytes, ms: BODY_MS });
}

/** JSON if the caller accepts none of our forms. */
function verdictForm(request: Request): VerdictForm {
  const accepted = request.accepts([...verdictForms]);
  return verdictForms.find((form) => form === accepted) ?? 'application/json';
}
