import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

/** The form of an evidence answer: JSON if the caller has no preference, or accepts none of our forms. */
export type EvidenceForm = 'application/json' | 'application/zip';

/** The form that `Accept` prefers. @see RFC 9110 §12.5.1 */
export const WantedForm = createParamDecorator((_data: unknown, context: ExecutionContext): EvidenceForm => {
  const request = context.switchToHttp().getRequest<Request>();
  return request.accepts(['application/json', 'application/zip']) === 'application/zip'
    ? 'application/zip'
    : 'application/json';
});
