import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';
import type { NextFunction, Request, Response } from 'express';

type Handler = (request: Request, response: Response, next: NextFunction) => void;

/**
 * The headers of every answer. The policy allows a browser nothing at all; a page that needs a stylesheet or a script
 * replaces `Content-Security-Policy` by its own ({@link pagePolicy} is the narrowest that shows a page).
 * Nothing is cacheable unless its route says so: most answers are about one person's payment.
 */
export function securityHeaders(issuer: string): Handler {
  const isHttps = issuer.startsWith('https:');
  const setHeaders = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
    strictTransportSecurity: isHttps ? { maxAge: 63_072_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
  });
  const headers: readonly (readonly [string, string])[] = [
    ['Cache-Control', 'no-store'],
    ['Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=()'],
    ...headersOf(setHeaders),
  ];
  return (_request, response, next) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    next();
  };
}

/** What helmet would set anew for every answer, and always alike: it is asked once, about an answer that nobody gets. */
function headersOf(setHeaders: ReturnType<typeof helmet>): readonly (readonly [string, string])[] {
  const request = new IncomingMessage(new Socket());
  const answer = new ServerResponse(request);
  setHeaders(request, answer, (error) => {
    if (error) throw error as Error;
  });
  return Object.entries(answer.getHeaders()).map(([name, value]) => [name, String(value)]);
}

/** A page with our own stylesheet, without script, form or frame. */
export const pagePolicy =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
