import type { Request, Response } from 'express';
import { keepLanguage } from '../../design/language.ts';
import { sendFormPage } from '../../http/security-headers.ts';
import type { Html } from '../../kernel/web/html.ts';

/** Sends a page, and keeps the language that its address chooses. */
export function sendPage(request: Request, response: Response, page: Html, status = 200): void {
  keepLanguage(request, response, request.secure);
  sendFormPage(response, status, page);
}
