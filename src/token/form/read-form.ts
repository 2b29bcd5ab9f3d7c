import type { RawBodyRequest } from '@nestjs/common';
import type { Request } from 'express';
import { DomainError } from '../../kernel/errors.ts';
import { Form } from './form.ts';

const MEDIA_TYPE = /^application\/x-www-form-urlencoded(?:\s*;\s*charset="?utf-8"?)?\s*$/i;

/**
 * The form in the raw body: parsed bodies hide repeated parameters.
 * @throws DomainError `request.unsupported-media-type`, `oauth.invalid-request`
 */
export function readForm(request: RawBodyRequest<Request>): Form {
  if (!MEDIA_TYPE.test(request.headers['content-type'] ?? '')) throw new DomainError('request.unsupported-media-type');
  try {
    return Form.parse(new TextDecoder('utf-8', { fatal: true }).decode(request.rawBody));
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError('oauth.invalid-request', { detail: 'The form is not UTF-8.' });
  }
}

/** The query of a request, read like a form. */
export function readQuery(request: Request): Form {
  return Form.parse(request.originalUrl.split('?').slice(1).join('?'));
}
