import type { Request, Response } from 'express';
import { chooseLanguage, findLanguage, type Language, languageCookie } from '../../design/language.ts';
import { sendFormPage } from '../../http/security-headers.ts';
import type { Html } from '../../kernel/web/html.ts';

/** The language of the person who asks. */
export function languageOf({ query, headers }: Request): Language {
  return chooseLanguage(query['lang'], headers.cookie, headers['accept-language']);
}

/** Sends a page, and keeps the language that its address chooses. */
export function sendPage(request: Request, response: Response, page: Html, status = 200): void {
  const chosen = findLanguage(request.query['lang']);
  if (chosen !== undefined) response.append('Set-Cookie', languageCookie(chosen, request.secure));
  sendFormPage(response, status, page);
}
