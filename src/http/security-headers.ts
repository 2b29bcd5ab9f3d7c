import type { Response } from 'express';
import type { Html } from '../kernel/web/html.ts';
import type { Handler } from './request/in-order.ts';

/** Sets {@link commonHeaders} on every answer. */
export function securityHeaders(isHttps: boolean): Handler {
  const headers = commonHeaders(isHttps);
  return (_request, response, next) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    next();
  };
}

/**
 * The headers of every answer. The policy forbids a browser everything; a page replaces it with its own ({@link openPage}).
 * Answers are not cacheable unless their route says so: most are about one person's payment.
 *
 * They are constants. Of the twelve headers that helmet sets, six concern only pages or browsers that no longer
 * exist, and would be switched off; and it computes them for each answer, including tokens, although they never differ.
 * `test/operator/errors-headers-and-logs.spec.ts` holds the exact set.
 * @see OWASP HTTP Security Response Headers Cheat Sheet
 */
export function commonHeaders(isHttps: boolean): readonly Header[] {
  return isHttps ? [...always, STRICT_TRANSPORT_SECURITY] : always;
}

type Header = readonly [string, string];

const always: readonly Header[] = [
  ['Cache-Control', 'no-store'],
  ['Content-Security-Policy', "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'"],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['Referrer-Policy', 'no-referrer'],
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
];

/** Two years (RFC 6797). Subdomains are left out: they may belong to others. */
const STRICT_TRANSPORT_SECURITY: Header = ['Strict-Transport-Security', 'max-age=63072000'];

/** These concern windows, and an answer that is not a page opens none. */
const pageHeaders: readonly Header[] = [
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Origin-Agent-Cluster', '?1'],
  ['Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=()'],
];

/** Makes an answer a page, isolated from other windows and limited to what the policy allows. */
export function openPage(response: Response, policy?: string): Response {
  for (const [name, value] of pageHeaders) response.setHeader(name, value);
  return policy === undefined ? response : response.setHeader('Content-Security-Policy', policy);
}

/** Allows our own stylesheet and pictures, but no script, form or frame. */
export const pagePolicy =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * Our own scripts, styles, pictures, forms and requests; nothing inline, nothing from elsewhere, and no frames. A page leads
 * to another origin by a link, never by the redirect of a form, which `form-action` would block.
 * @see W3C Content Security Policy Level 3
 */
export const formPolicy = [
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

/** Sends a page that is for one person, in their language. */
export function sendPage(response: Response, status: number, page: Html, policy = pagePolicy): void {
  openPage(response, policy)
    .status(status)
    .setHeader('Cache-Control', 'no-store')
    .setHeader('Vary', 'Cookie, Accept-Language')
    .type('html')
    .send(page.toString());
}

/** The same for a page with scripts and forms of ours. */
export function sendFormPage(response: Response, status: number, page: Html): void {
  // Not no-referrer: then a browser would send `Origin: null` with our own forms.
  response.setHeader('Referrer-Policy', 'same-origin');
  sendPage(response, status, page, formPolicy);
}

const YEAR_SECONDS = 31_536_000;

/** What this address answers never changes: its path holds the content's hash, or the version of a library. */
export function markImmutable(response: Response): Response {
  return response.setHeader('Cache-Control', `public, max-age=${YEAR_SECONDS}, immutable`);
}

/** A file whose name holds its content's hash. */
export function sendAsset(
  response: Response,
  asset: { readonly contentType: string; readonly body: string | Buffer },
): void {
  markImmutable(response).setHeader('Content-Type', asset.contentType).send(asset.body);
}
