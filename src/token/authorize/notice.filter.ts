import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import { languageOf, type Language } from '../../design/language.ts';
import { otherLanguage } from '../../design/document.ts';
import type { ErrorCode } from '../../kernel/errors.ts';
import { sendPage } from '../../http/security-headers.ts';
import { failPage } from '../../http/problems.ts';
import { notice, type Notice } from './notice.ts';
import { PastRequest } from './past-request.ts';

const noticeOf: Partial<Record<ErrorCode, Notice>> = {
  'oauth.invalid-request': 'broken-link',
  'request.malformed': 'broken-link',
  'request.too-large': 'broken-link',
  'request.unsupported-media-type': 'broken-link',
  'oauth.invalid-request-uri': 'broken-link',
  'browser.not-bound': 'other-browser',
  'consent.not-authorised': 'too-late',
};

/** A person reads these errors, so each is a page. The TPP is not told: we do not know whose browser it is. */
@Catch()
export class NoticeFilter implements ExceptionFilter {
  constructor(@Inject(CONFIG) private readonly config: AppConfig) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const { domain, status } = failPage(error, response);
    const language = languageOf(request);
    const kind = (domain && noticeOf[domain.code]) ?? 'trouble';
    const page = notice(kind, {
      language,
      isTest: this.config.environment !== 'production',
      client: error instanceof PastRequest ? error.client : undefined,
      otherLanguage: inOtherLanguage(request, language),
    });
    sendPage(response, status, page);
  }
}

/** The link again, with what it needs and the other language. A form that was posted has no address to go to. */
function inOtherLanguage({ method, query }: Request, language: Language): string | undefined {
  if (method !== 'GET') return undefined;
  const link = new URLSearchParams();
  for (const name of ['client_id', 'request_uri']) {
    const value = query[name];
    if (typeof value === 'string') link.set(name, value);
  }
  link.set('lang', otherLanguage(language));
  return `?${link.toString()}`;
}
