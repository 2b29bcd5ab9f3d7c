import type { Response } from 'express';
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
 * The headers of every answer. The policy allows a browser nothing at all; a page replaces it by its own ({@link openPage}).
 * Nothing is cacheable unless its route says so: most answers are about one person's payment.
 *
 * They are constants of our own. Of the twelve headers that helmet sets, six concern pages alone or browsers that no longer
 * exist, and would be switched off; and it computes them for each answer, a token's too, although they never differ.
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

/** Two years (RFC 6797). Other names under our domain are not ours to decide for. */
const STRICT_TRANSPORT_SECURITY: Header = ['Strict-Transport-Security', 'max-age=63072000'];

/** They say something about a window, and an answer that is not a page opens none. */
const pageHeaders: readonly Header[] = [
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Origin-Agent-Cluster', '?1'],
  ['Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=()'],
];

/** Makes an answer a page: a browser shows it in a window of its own, and allows it nothing but what the policy says. */
export function openPage(response: Response, policy?: string): Response {
  for (const [name, value] of pageHeaders) response.setHeader(name, value);
  return policy === undefined ? response : response.setHeader('Content-Security-Policy', policy);
}

/** A page with our own stylesheet, without script, form or frame. */
export const pagePolicy =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
