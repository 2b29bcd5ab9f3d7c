import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type RfaCode, userMessage, userMessages } from '../../bankid-sign/user-messages.ts';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import type { DomainError, ErrorCode } from '../../kernel/errors.ts';
import { failPage } from '../../http/problems.ts';
import { sendFormPage } from '../../http/security-headers.ts';
import { otherBrowserPage, refusalPage, type Refusal } from '../pages/ending-pages.ts';
import type { PageContext, UserMessage } from '../pages/facts.ts';
import { sendTo } from './send-to.ts';
import { readVisitor } from './visitor.ts';

const refusals: Partial<Readonly<Record<ErrorCode, Refusal>>> = {
  'browser.not-bound': 'notBound',
  'request.not-found': 'notBound',
  'order.not-found': 'notBound',
  'caller.forbidden': 'crossSite',
  'bankid.unavailable': 'bankidUnavailable',
  'bankid.refused': 'bankidUnavailable',
  'consent.too-many-orders': 'tooMany',
  'login.too-many-orders': 'tooMany',
  'request.too-many': 'tooMany',
};

/** For these the interaction's page shows its state: it went on without this request (a double click, another tab), or BankID refused the order. */
const overtaken: ReadonlySet<ErrorCode> = new Set([
  'browser.too-late',
  'consent.not-awaiting-authorisation',
  'consent.attempts-exhausted',
  'login.not-awaiting',
  'login.attempts-exhausted',
  'order.already-open',
  'bankid.already-in-progress',
]);

/** A person reads these errors, so they are pages. */
@Catch()
export class PageErrorFilter implements ExceptionFilter {
  constructor(@Inject(CONFIG) private readonly config: AppConfig) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const { domain, status } = failPage(error, response);
    if (domain && overtaken.has(domain.code)) {
      sendTo(response, pathOf(request));
      return;
    }
    const { language } = readVisitor(this.config.issuer, request);
    const path = pathOf(request);
    const purpose = path.startsWith('/login/') ? 'login' : 'payment';
    const context: PageContext = { language, environment: this.config.environment, purpose, path };
    const refusal = (domain && refusals[domain.code]) ?? 'broken';
    if (refusal === 'notBound' && request.path.endsWith('/back')) {
      sendFormPage(response, status, otherBrowserPage({ ...context, path: request.path }));
      return;
    }
    const waitSeconds = domain?.retryAfterSeconds;
    sendFormPage(
      response,
      status,
      refusalPage(context, refusal, { message: domain && messageOf(domain, context), waitSeconds }),
    );
  }
}

/** `/pay/<interaction>` or `/login/<interaction>`, for any path below it. */
function pathOf(request: Request): string {
  return request.path.split('/').slice(0, 3).join('/');
}

/** Why BankID refused the order, in BankID's recommended words. */
function messageOf(error: DomainError, { language }: PageContext): UserMessage | undefined {
  const code = error.extra['messageCode'];
  return code !== undefined && isRfaCode(code) ? { code, text: userMessage(code, language) } : undefined;
}

function isRfaCode(code: string): code is RfaCode {
  return Object.hasOwn(userMessages, code);
}
