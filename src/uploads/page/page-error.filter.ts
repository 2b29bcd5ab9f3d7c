import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { languageOf } from '../../design/language.ts';
import { failPage } from '../../http/problems.ts';
import { languages } from '../../evidence-files/report-phrases.ts';
import { clean } from '../../evidence-files/report-text.ts';
import type { ErrorCode } from '../../kernel/errors.ts';
import { render } from '../../verification/messages.ts';
import type { Refusal } from '../../report-page/words.ts';
import { NoEvidenceError } from '../upload-verifier.ts';
import { FormError } from './form.ts';
import { sendPage } from './page-answers.ts';
import { VERIFY_PAGE, type VerifyPageOptions } from './options.ts';
import { refusalPage } from './verify-page.ts';

const refusalOf: Partial<Record<ErrorCode, Refusal>> = {
  'request.too-large': 'too-large',
  'request.too-slow': 'slow',
  'request.too-many': 'busy',
  'service.unavailable': 'busy',
  'caller.purpose-required': 'purpose',
  'evidence.none': 'not-evidence',
  'request.malformed': 'not-evidence',
  'request.unsupported-media-type': 'not-evidence',
};

/** A person reads these errors: each says what to do. */
@Catch()
export class PageErrorFilter implements ExceptionFilter {
  constructor(@Inject(VERIFY_PAGE) private readonly options: VerifyPageOptions) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const { domain, status } = failPage(error, response);
    const language = languageOf(request);
    const archive = error instanceof NoEvidenceError ? error.archive : undefined;
    const kind = error instanceof FormError ? error.fault : archive && 'archive';
    const detail = archive && clean(render(languages[language].fileMessages, archive));
    const facts = { environment: this.options.environment, language };
    const refusal = kind ?? (domain && refusalOf[domain.code]) ?? 'other';
    sendPage(request, response, refusalPage(facts, refusal, detail), status);
  }
}
