import type { Request, Response } from 'express';
import { chooseLanguage, findLanguage, type Language, languageCookie } from '../../design/language.ts';
import { openPage } from '../../http/security-headers.ts';
import type { Html } from '../../kernel/web/html.ts';

/** Our own script, style and pictures, forms and requests to our own verifier; nothing inline, nothing from another origin. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** The language of the person who asks. */
export function languageOf({ query, headers }: Request): Language {
  return chooseLanguage(query['lang'], headers.cookie, headers['accept-language']);
}

/** Sends a page, and keeps the language that its address chooses. */
export function sendPage(request: Request, response: Response, page: Html, status = 200): void {
  const chosen = findLanguage(request.query['lang']);
  if (chosen !== undefined) response.append('Set-Cookie', languageCookie(chosen, request.secure));
  openPage(response, PAGE_POLICY)
    .status(status)
    // Not no-referrer: then a browser would send `Origin: null` with our own form.
    .setHeader('Referrer-Policy', 'same-origin')
    .setHeader('Cache-Control', 'no-store')
    .setHeader('Vary', 'Cookie, Accept-Language')
    .type('html')
    .send(page.toString());
}
