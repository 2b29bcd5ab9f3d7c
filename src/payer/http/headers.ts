import type { Response } from 'express';
import type { Html } from '../../kernel/web/html.ts';
import { openPage } from '../../http/security-headers.ts';

/**
 * Our own scripts, styles, pictures and forms; nothing inline, nothing from elsewhere, and no frames. The return to
 * the TPP is a link, never the redirect of a form, which `form-action` would block.
 * @see W3C Content Security Policy Level 3
 */
export const pagePolicy = [
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

export function sendPage(response: Response, status: number, page: Html): void {
  openPage(response, pagePolicy)
    .status(status)
    // Not no-referrer: then a browser would send `Origin: null` with our own forms.
    .setHeader('Referrer-Policy', 'same-origin')
    .setHeader('Cache-Control', 'no-store')
    .setHeader('Vary', 'Cookie, Accept-Language')
    .type('html')
    .send(page.toString());
}

/** After a POST: 303, so that the browser loads the page, and reloading it repeats nothing. */
export function sendTo(response: Response, path: string): void {
  response.setHeader('Cache-Control', 'no-store').redirect(303, path);
}
