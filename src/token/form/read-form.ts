import type { Request } from 'express';
import { findUtf8 } from '../../crypto/utf8.ts';
import { DomainError } from '../../kernel/errors.ts';
import { readBody } from '../../http/read-body.ts';
import { Form } from './form.ts';

const MEDIA_TYPE = /^application\/x-www-form-urlencoded(?:\s*;\s*charset="?utf-8"?)?\s*$/i;

/**
 * The form in the body of a request.
 * @throws DomainError `request.unsupported-media-type`, `request.too-large`, `request.malformed`, `oauth.invalid-request`
 */
export async function readForm(request: Request): Promise<Form> {
  if (!MEDIA_TYPE.test(request.headers['content-type'] ?? '')) throw new DomainError('request.unsupported-media-type');
  const body = await readBody(request);
  const text = findUtf8(body);
  if (text === undefined) throw new DomainError('oauth.invalid-request', { detail: 'The form is not UTF-8.' });
  return Form.parse(text);
}

/** The query of a request, read like a form. */
export function readQuery(request: Request): Form {
  return Form.parse(request.originalUrl.split('?').slice(1).join('?'));
}
