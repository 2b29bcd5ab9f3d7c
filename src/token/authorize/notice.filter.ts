import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import type { ErrorCode } from '../../kernel/errors.ts';
import { openPage } from '../../http/security-headers.ts';
import { problems, setRetryAfterByStatus, toDomainError, unknownProblem } from '../../http/problems.ts';
import { noteError } from '../../operations/current-request.ts';
import { notice, type Notice } from './notice.ts';

const noticeOf: Partial<Record<ErrorCode, Notice>> = {
  'oauth.invalid-request': 'broken-link',
  'request.malformed': 'broken-link',
  'request.too-large': 'broken-link',
  'request.unsupported-media-type': 'broken-link',
  'oauth.invalid-request-uri': 'broken-link',
  'browser.not-bound': 'other-browser',
  'consent.not-authorised': 'too-late',
  'grant.invalid': 'already-done',
};

/** A person reads these errors, so each is a page with a sentence. The TPP is not told: we do not know whose browser it is. */
@Catch()
export class NoticeFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    noteError(error);
    const domain = toDomainError(error);
    const { status } = domain ? problems[domain.code] : unknownProblem;
    const response = host.switchToHttp().getResponse<Response>();
    setRetryAfterByStatus(response, status, domain);
    openPage(response)
      .status(status)
      .setHeader('Cache-Control', 'no-store')
      .type('html')
      .send(notice((domain && noticeOf[domain.code]) ?? 'trouble').toString());
  }
}
