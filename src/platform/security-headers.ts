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
  const headers = helmet({
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
  return (request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=()');
    headers(request, response, next);
  };
}

/** A page with our own stylesheet, without script, form or frame. */
export const pagePolicy =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
