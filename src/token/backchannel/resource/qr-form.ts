import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

/** The form of a QR code: its text if the caller has no preference, or accepts neither form. */
export type QrForm = 'text/plain' | 'image/svg+xml';

/** The form that `Accept` prefers. @see RFC 9110 §12.5.1 */
export const WantedQrForm = createParamDecorator((_data: unknown, context: ExecutionContext): QrForm => {
  const request = context.switchToHttp().getRequest<Request>();
  return request.accepts(['text/plain', 'image/svg+xml']) === 'image/svg+xml' ? 'image/svg+xml' : 'text/plain';
});
