import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';
import type { Response } from 'express';
import type { Handler } from './in-order.ts';

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
 */
export function commonHeaders(isHttps: boolean): readonly Header[] {
  return [
    ['Cache-Control', 'no-store'],
    ...headersOf(
      helmet({
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
        crossOriginResourcePolicy: { policy: 'same-origin' },
        ...OF_PAGES_ALONE,
        ...FORGOTTEN,
      }),
    ),
  ];
}

type Header = readonly [string, string];

/** They say something about a window, and an answer that is not a page opens none. */
const OF_PAGES_ALONE = { crossOriginOpenerPolicy: false, originAgentCluster: false } as const;

/** Of browsers that nobody uses any more, and of plug-ins. */
const FORGOTTEN = {
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
} as const;

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

/** What helmet would set anew for every answer, and always alike: it is asked once, about an answer that nobody gets. */
function headersOf(setHeaders: ReturnType<typeof helmet>): readonly Header[] {
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
