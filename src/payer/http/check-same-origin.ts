import type { IncomingHttpHeaders } from 'node:http';
import { DomainError } from '../../kernel/errors.ts';

/**
 * Only forms of our own pages may change anything. SameSite=Lax keeps the cookie from another site's POST, but the first
 * POST has no cookie yet, so the browser must also name the form's origin. A request with neither header is refused; no known browser sends one.
 * @throws DomainError `caller.forbidden`
 * @see W3C Fetch Metadata Request Headers §2.2; RFC 6454 §7
 */
export function checkSameOrigin(issuer: string, headers: IncomingHttpHeaders): void {
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  const isOurs = (origin === undefined || origin === issuer) && (site === undefined || site === 'same-origin');
  if (!isOurs || (origin === undefined && site === undefined)) {
    throw new DomainError('caller.forbidden', { log: 'a form of another site, or of no site, posted to a payer page' });
  }
}
