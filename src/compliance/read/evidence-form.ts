import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { BUNDLE_TYPE } from '../../bundle/container.ts';
import { DomainError } from '../../kernel/errors.ts';

/** JSON, if the caller has no preference; the folder; the sealed bundle. */
const forms = ['application/json', 'application/zip', BUNDLE_TYPE] as const;
export type EvidenceForm = (typeof forms)[number];

/** The form that `Accept` prefers. @throws DomainError `request.not-acceptable` @see RFC 9110 §12.5.1, §15.5.7 */
export const WantedForm = createParamDecorator((_data: unknown, context: ExecutionContext): EvidenceForm => {
  const accepted = context
    .switchToHttp()
    .getRequest<Request>()
    .accepts([...forms]);
  const form = forms.find((one) => one === accepted);
  if (!form) throw new DomainError('request.not-acceptable', { detail: `Accept one of ${forms.join(', ')}.` });
  return form;
});
