import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

/** How evidence is given: JSON where the caller has no preference, or accepts nothing that can be had. */
export type EvidenceForm = 'application/json' | 'application/zip';

/** What `Accept` prefers. @see RFC 9110 §12.5.1 */
export const WantedForm = createParamDecorator((_data: unknown, context: ExecutionContext): EvidenceForm => {
  const request = context.switchToHttp().getRequest<Request>();
  return request.accepts(['application/json', 'application/zip']) === 'application/zip'
    ? 'application/zip'
    : 'application/json';
});
